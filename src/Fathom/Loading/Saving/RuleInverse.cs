using Fathom.Architectures;
using Fathom.Components;
using Fathom.Tensors;

namespace Fathom.Loading.Saving;

/// <summary>Reads a row of a weight table backwards: from our parameters to the checkpoint's tensor.</summary>
internal static class RuleInverse
{
    /// <summary>The tensor of the file; for a row over experts, all of them along a leading axis.</summary>
    /// <param name="rule">The row, of one layer.</param>
    /// <param name="targets">The weights it fills, in its order.</param>
    /// <param name="values">Their numbers, in the field's layout.</param>
    /// <returns>A view where possible.</returns>
    /// <exception cref="ArgumentException">The pattern does not fit the numbers.</exception>
    public static Tensor Apply(WeightRule rule, IReadOnlyList<Weight> targets, IReadOnlyList<Tensor> values)
    {
        Tensor joined;
        if (rule.Slices.Count > 0)
        {
            joined = torch.cat([.. values.Select((v, t) => Arrange(v, rule.Slices[t], WeightBinder.Sizes([targets[t]])))], rule.SliceAxis);
        }
        else
        {
            joined = values.Count == 1 ? values[0] : torch.stack([.. values]);
        }

        if (rule.Rearrange is not { } pattern || (rule.Slices.Count > 0 && pattern.Length == 0))
        {
            return joined;
        }

        var sizes = WeightBinder.Sizes(targets);
        foreach (var (axis, size) in rule.Sizes)
        {
            sizes[axis] = size;
        }

        return Arrange(joined, pattern, sizes);
    }

    /// <summary>The shape that <see cref="Apply"/> gives, without any numbers.</summary>
    public static IReadOnlyList<long> Shape(WeightRule rule, IReadOnlyList<Weight> targets)
    {
        using var scope = torch.NewDisposeScope();
        return Apply(rule, targets, [.. targets.Select(t => torch.empty([.. t.Shape], device: torch.META))]).shape;
    }

    private static Tensor Arrange(Tensor ours, string pattern, Dictionary<string, long> sizes)
    {
        var sides = pattern.Split(" -> ");
        return sides[0].Length == 0 ? ours.reshape([]) : Einops.Rearrange(ours, $"{sides[1]} -> {sides[0]}", sizes);
    }
}
