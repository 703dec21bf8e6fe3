using Fathom.Hooks;

namespace Fathom.Patching;

/// <summary>One replacement of a slice of an activation.</summary>
/// <param name="Point">Where.</param>
/// <param name="At">For each axis of the point after <c>batch</c>: the index replaced, or -1 for all.</param>
/// <param name="Donor">Where the values come from, at the same indices.</param>
internal sealed record Edit(HookPoint Point, int[] At, Donor Donor)
{
    public int Layer => Point.Layer ?? throw new InvalidOperationException($"'{Point.Name}' lies outside the blocks and has no layer.");

    /// <summary>The position (of the query) replaced, or -1 for all (or where the point has no such axis).</summary>
    public int Position => PositionAxis is var axis and >= 0 ? At[axis] : -1;

    /// <summary>The key position replaced, or -1.</summary>
    public int Source => SourceAxis is var axis and >= 0 ? At[axis] : -1;

    /// <summary>Whether masked keys may be given values, so that a query sees what comes after it.</summary>
    public bool MayUnmask => SourceAxis >= 0 && (!Donor.IsRun || Take >= 0);

    /// <summary>The position that values are taken from, or -1 for the one replaced.</summary>
    public int Take { get; init; } = -1;

    /// <summary>Whether the values are those of the run being patched.</summary>
    public bool Live { get; init; }

    /// <summary>Whether the point has an axis of positions.</summary>
    public bool HasPositions => PositionAxis >= 0;

    /// <summary>This replacement at one position, with values of another.</summary>
    public Edit Moved(int to, int from, bool live)
    {
        int[] at = [.. At];
        at[PositionAxis] = to;
        return this with { At = at, Take = from, Live = live };
    }

    private int SourceAxis => Point.Axes.IndexOf(Tensors.Axis.Source) - 1;

    private int PositionAxis => Point.Axes.IndexOf(Tensors.Axis.Position) - 1;

    /// <summary>Writes the replacement into one sequence's activation.</summary>
    /// <param name="target">The activation without its batch axis, holding the positions from <paramref name="first"/> on.</param>
    /// <param name="first">The position of the target's first row.</param>
    /// <param name="source">The donor's activation at the same point, or <see langword="null"/> for zeros.</param>
    /// <param name="sourceFirst">The position of the source's first row; no later than any position replaced.</param>
    public void Write(Tensor target, long first, Tensor? source, long sourceFirst)
    {
        using var scope = torch.NewDisposeScope();
        for (var axis = At.Length - 1; axis >= 0; axis--)
        {
            var positional = axis == PositionAxis;
            if (At[axis] >= 0)
            {
                target = target.select(axis, positional ? At[axis] - first : At[axis]);
                source = source?.select(axis, positional ? (Take >= 0 ? Take : At[axis]) - sourceFirst : At[axis]);
            }
            else if (axis == SourceAxis && source is not null && source.shape[axis] > target.shape[axis])
            {
                // A window that ends early holds no keys after its last query; there the donor's are masked too.
                source = source.narrow(axis, 0, target.shape[axis]);
            }
            else if (positional && source is not null && first != sourceFirst)
            {
                source = source.narrow(axis, first - sourceFirst, target.shape[axis]);
            }
        }

        if (source is null)
        {
            target.copy_(torch.zeros_like(target));
        }
        else
        {
            target.copy_(source);
        }
    }
}
