namespace Fathom.Tensors;

/// <summary>Rearrangement over named axes, so that a layout is written once, in the code.</summary>
/// <remarks>Notation after Rogozhnikov 2022, "Einops: Clear and Reliable Tensor Manipulations with Einstein-like Notation" (ICLR).</remarks>
public static class Einops
{
    /// <summary>Splits grouped axes, permutes and merges: <c>"(head d_head) d_model -> head d_model d_head"</c>.</summary>
    /// <param name="input">The tensor to rearrange.</param>
    /// <param name="pattern">Source axes (groups in parentheses), an arrow, target axes (groups in parentheses).</param>
    /// <param name="sizes">Sizes of the axes that groups split into; at most one axis of a group may be missing.</param>
    /// <returns>A view where possible, else a copy; registered in the current dispose scope.</returns>
    /// <exception cref="ArgumentException">The pattern is malformed, or the sizes do not fit the tensor.</exception>
    public static Tensor Rearrange(Tensor input, string pattern, IReadOnlyDictionary<string, long> sizes)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(pattern);
        ArgumentNullException.ThrowIfNull(sizes);
        var sides = pattern.Split(" -> ");
        if (sides.Length != 2)
        {
            throw new ArgumentException($"\"{pattern}\" needs exactly one arrow ' -> '.", nameof(pattern));
        }

        var source = Parse(sides[0]);
        var target = Parse(sides[1]);
        if (source.Count == 0 && sides[1] == "one")
        {
            return input.dim() == 0 ? input.reshape(1) : throw new ArgumentException($"\"{pattern}\" describes a scalar; the tensor has shape [{string.Join(", ", input.shape)}].", nameof(pattern));
        }

        var shape = input.shape;
        if (source.Count != shape.Length)
        {
            throw new ArgumentException($"\"{pattern}\" describes {source.Count} axes; the tensor has shape [{string.Join(", ", shape)}].", nameof(pattern));
        }

        List<string> names = [];
        List<long> split = [];
        for (var d = 0; d < shape.Length; d++)
        {
            AddGroup(source[d], shape[d], pattern, sizes, names, split);
        }

        long[] order = [.. target.SelectMany(g => g).Select(n => names.IndexOf(n) is var at and >= 0
            ? (long)at
            : throw new ArgumentException($"Axis '{n}' on the right of \"{pattern}\" does not stand on the left.", nameof(pattern)))];
        if (order.Length != names.Count)
        {
            throw new ArgumentException($"\"{pattern}\" loses an axis between left and right.", nameof(pattern));
        }

        var moved = input.reshape([.. split]).permute(order);
        var at = 0;
        long[] merged = [.. target.Select(g => g.Select(_ => split[(int)order[at++]]).Aggregate(1L, (a, b) => a * b))];
        return merged.Length == order.Length ? moved : moved.reshape(merged);
    }

    private static void AddGroup(List<string> group, long size, string pattern, IReadOnlyDictionary<string, long> sizes, List<string> names, List<long> split)
    {
        var known = group.Where(sizes.ContainsKey).Select(n => sizes[n]).Aggregate(1L, (a, b) => a * b);
        var missing = group.Count(n => !sizes.ContainsKey(n));
        if (missing > 1 || (known != 0 && size % Math.Max(known, 1) != 0) || (missing == 0 && known != size))
        {
            throw new ArgumentException($"\"{pattern}\": ({string.Join(" ", group)}) should be {string.Join(" x ", group.Select(n => sizes.TryGetValue(n, out var s) ? $"{n}={s}" : n))}; the tensor has {size} there.", nameof(pattern));
        }

        foreach (var name in group)
        {
            names.Add(name);
            split.Add(sizes.TryGetValue(name, out var s) ? s : size / Math.Max(known, 1));
        }
    }

    private static List<List<string>> Parse(string side)
    {
        List<List<string>> groups = [];
        List<string>? open = null;
        foreach (var token in side.Replace("(", "( ", StringComparison.Ordinal).Replace(")", " )", StringComparison.Ordinal).Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            switch (token)
            {
                case "(":
                    groups.Add(open = []);
                    break;
                case ")":
                    open = null;
                    break;
                default:
                    (open ?? Single(groups)).Add(token);
                    break;
            }
        }

        return groups;
    }

    private static List<string> Single(List<List<string>> groups)
    {
        groups.Add([]);
        return groups[^1];
    }
}
