using Fathom.Tensors;

namespace Fathom.Components;

/// <summary>A named slot for one parameter tensor. It knows its axes before it holds numbers, and holds them once, in the layout that multiplies fastest.</summary>
public sealed class Weight
{
    private readonly long[] _order;
    private readonly long[] _inverse;
    private readonly long[] _matrixShape;
    private Tensor? _stored;
    private Tensor? _value;
    private Tensor? _matrix;

    internal Weight(string name, string axes, IReadOnlyDictionary<string, long> sizes, string? matrix, bool required, bool wide = false)
    {
        Name = name;
        Axes = new(axes);
        KnownSizes = sizes;
        IsRequired = required;
        IsWide = wide;
        Shape = [.. Axes.Names.Select(a => sizes.TryGetValue(a, out var size)
            ? size
            : throw new InvalidOperationException($"{name}: the size of axis '{a}' is not known where the weight is declared."))];
        var names = Axes.Names.ToList();
        var groups = Groups(matrix ?? string.Join(' ', names));
        _order = [.. groups.SelectMany(g => g).Select(n => (long)names.IndexOf(n))];
        _inverse = [.. Enumerable.Range(0, names.Count).Select(i => (long)Array.IndexOf(_order, i))];
        _matrixShape = [.. groups.Select(g => g.Select(n => Shape[names.IndexOf(n)]).Aggregate(1L, (a, b) => a * b))];
    }

    /// <summary>The full name, e.g. <c>blocks.0.attn.W_Q</c>.</summary>
    public string Name { get; }

    /// <summary>The parameter's axes, as the field writes them.</summary>
    public Axes Axes { get; }

    /// <summary>The size of each axis.</summary>
    public IReadOnlyList<long> Shape { get; }

    /// <summary>Whether the model is incomplete without it. An absent optional weight (a bias, a folded gain) is left out of the computation.</summary>
    public bool IsRequired { get; }

    /// <summary>Whether the numbers keep at least 32 bits in a model of 16, since a choice hangs on small differences between them.</summary>
    public bool IsWide { get; }

    /// <summary>Whether a tensor is bound.</summary>
    public bool IsBound => _stored is not null;

    /// <summary>The sizes of all axes known where the weight was declared, for rearranging checkpoints into it.</summary>
    internal IReadOnlyDictionary<string, long> KnownSizes { get; }

    /// <summary>The number of elements.</summary>
    public long Count => Shape.Aggregate(1L, (a, b) => a * b);

    /// <summary>The weight whose numbers this one uses: the one it is the transpose of (a tied unembedding), or the same weight of an earlier block; <see langword="null"/> if it has its own.</summary>
    public Weight? TiedTo { get; private set; }

    /// <summary>Where the numbers came from, for messages and provenance.</summary>
    public string Source { get; private set; } = "";

    /// <summary>What the file held, where a constant was added to it (a norm that adds one to its gain): the sum does not tell every bit of it.</summary>
    internal Tensor? BeforeOffset { get; private set; }

    /// <summary>The parameter in the field's layout: a view of the stored numbers. It belongs to the model; do not dispose it.</summary>
    /// <exception cref="InvalidOperationException">Nothing is bound.</exception>
    public Tensor Value => _value ?? throw Unbound();

    /// <summary>The parameter as it is multiplied, <c>[input, output]</c>: a view of the stored numbers.</summary>
    internal Tensor Matrix => _matrix ?? throw Unbound();

    /// <summary>Replaces the numbers.</summary>
    /// <param name="value">New numbers with the shape of <see cref="Shape"/>; copied.</param>
    /// <exception cref="WeightShapeException">The shape does not match.</exception>
    public void Set(Tensor value)
    {
        ArgumentNullException.ThrowIfNull(value);
        Bind(value, "set by the program", copy: true);
    }

    /// <summary>Binds <paramref name="value"/> (field layout) after checking it against the axes.</summary>
    /// <param name="value">The numbers; when they already lie in the stored layout they are taken over without a copy.</param>
    /// <param name="source">Where they come from.</param>
    /// <param name="copy">Whether the numbers must not be shared with <paramref name="value"/>.</param>
    /// <exception cref="WeightShapeException">The shape does not match.</exception>
    internal void Bind(Tensor value, string source, bool copy = false)
    {
        if (!value.shape.AsSpan().SequenceEqual([.. Shape]))
        {
            throw new WeightShapeException(Name, Axes, Shape, value.shape, source);
        }

        var arranged = value.permute(_order);
        var stored = arranged.is_contiguous() ? (copy ? arranged.clone() : arranged.alias()) : arranged.contiguous();
        arranged.Dispose();
        Unbind();
        Hold(stored.DetachFromDisposeScope(), source);
    }

    /// <summary>Remembers what the file held before a constant was added.</summary>
    internal void RememberBeforeOffset(Tensor stored) => BeforeOffset = stored.clone().DetachFromDisposeScope();

    /// <summary>Makes room for numbers that the caller writes into the result.</summary>
    /// <param name="dtype">Their type.</param>
    /// <param name="device">Where they lie.</param>
    /// <param name="source">Where they come from.</param>
    /// <returns><see cref="Value"/>, not yet meaningful.</returns>
    internal Tensor Reserve(torch.ScalarType dtype, torch.Device device, string source)
    {
        Unbind();
        Hold(torch.empty([.. _order.Select(a => Shape[(int)a])], dtype, device).DetachFromDisposeScope(), source);
        return Value;
    }

    /// <summary>Makes this two-axis weight the transpose of <paramref name="other"/>, sharing its storage.</summary>
    internal void Tie(Weight other)
    {
        Unbind();
        TiedTo = other;
        using var transposed = other.Value.transpose(0, 1);
        Hold(transposed.alias().DetachFromDisposeScope(), other.Source);
        TiedTo = other;
    }

    /// <summary>Makes this weight the same as <paramref name="other"/>, of the same axes, sharing its storage.</summary>
    internal void Share(Weight other)
    {
        Unbind();
        if (!other.IsBound)
        {
            return;
        }

        Hold(other._stored!.alias().DetachFromDisposeScope(), other.Source);
        TiedTo = other;
    }

    /// <summary>Gives a tied weight storage of its own, so that it can be changed alone.</summary>
    internal void Untie()
    {
        if (TiedTo is null)
        {
            return;
        }

        Bind(Value, Source, copy: true);
    }

    /// <summary>The type that the numbers have in a model of type <paramref name="dtype"/>.</summary>
    internal torch.ScalarType Kept(torch.ScalarType dtype) => IsWide && dtype is (torch.ScalarType.Float16 or torch.ScalarType.BFloat16) ? torch.ScalarType.Float32 : dtype;

    /// <summary>Forgets the numbers and frees them.</summary>
    internal void Unbind()
    {
        _value?.Dispose();
        _matrix?.Dispose();
        _stored?.Dispose();
        BeforeOffset?.Dispose();
        (_value, _matrix, _stored, BeforeOffset, TiedTo) = (null, null, null, null, null);
    }

    /// <summary>Converts or moves the numbers.</summary>
    internal void To(torch.ScalarType dtype, torch.Device device)
    {
        if (_stored is null || TiedTo is not null)
        {
            return;
        }

        var moved = _stored.to(Kept(dtype), device);
        if (ReferenceEquals(moved, _stored) || moved.Handle == _stored.Handle)
        {
            return;
        }

        var source = Source;
        Unbind();
        Hold(moved.DetachFromDisposeScope(), source);
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Name} [{string.Join(", ", Axes.Names.Zip(Shape, (n, s) => $"{n}={s}"))}]";

    private static List<List<string>> Groups(string matrix)
    {
        List<List<string>> groups = [];
        var open = false;
        foreach (var token in matrix.Replace("(", "( ", StringComparison.Ordinal).Replace(")", " )", StringComparison.Ordinal).Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (token is "(" or ")")
            {
                open = token == "(";
                if (open)
                {
                    groups.Add([]);
                }
            }
            else if (open)
            {
                groups[^1].Add(token);
            }
            else
            {
                groups.Add([token]);
            }
        }

        return groups;
    }

    private void Hold(Tensor stored, string source)
    {
        _stored = stored;
        Source = source;
        _value = TiedTo is null ? stored.permute(_inverse).DetachFromDisposeScope() : stored.alias().DetachFromDisposeScope();
        _matrix = TiedTo is null ? stored.view(_matrixShape).DetachFromDisposeScope() : stored.alias().DetachFromDisposeScope();
    }

    private InvalidOperationException Unbound() => new($"{Name} {Axes} has no tensor bound; load a checkpoint first, or this model does not have it.");
}
