using Fathom.Architectures;
using Fathom.Components;
using Fathom.Loading.Checkpoints;
using Fathom.Tensors;

namespace Fathom.Loading;

/// <summary>Reads a large tensor some rows at a time straight into the place where the model keeps it, converted and rearranged on the way: no second copy of it ever exists.</summary>
/// <param name="checkpoint">The weights.</param>
/// <param name="dtype">The model's type.</param>
/// <param name="device">The model's device.</param>
internal sealed class RowFilling(Checkpoint checkpoint, torch.ScalarType dtype, torch.Device device)
{
    /// <summary>Values read at once: few enough to stay in the processor's cache between reading and rearranging.</summary>
    private const long BlockValues = 1 << 21;

    /// <summary>Tensors of at most so many values are read whole, which is faster where they are transposed: 16 MiB in fp32.</summary>
    private const long WholeValues = 1 << 22;

    /// <summary>Whether a rule's tensor can be read so: one parameter, whose first stored axis stays whole.</summary>
    /// <param name="name">The tensor in the file.</param>
    /// <param name="target">The parameter.</param>
    /// <param name="rule">How one becomes the other.</param>
    /// <param name="sizes">The sizes of the axes in the pattern.</param>
    public bool TryFill(string name, Weight target, WeightRule rule, Dictionary<string, long> sizes)
    {
        var shape = checkpoint.Tensors[name].Shape;
        if (rule.Slices.Count > 0 || target.Count <= WholeValues || AxisOfRows(target, rule.Rearrange) is not { } axis || !checkpoint.ReadsRows(name)
            || shape[0] != target.Shape[axis] || checkpoint.Tensors[name].Count != target.Count || (rule.Rearrange is null && !shape.SequenceEqual(target.Shape)))
        {
            return false;
        }

        var type = checkpoint.Tensors[name].Type.ReadAs!.Value;
        var value = target.Reserve(target.Kept(dtype), device, name);
        var rows = Math.Clamp(BlockValues / Math.Max(1, target.Count / shape[0]), 1, shape[0]);
        var direct = rule.Rearrange is null && value.dtype == type && value.is_contiguous() && value.device_type == DeviceType.CPU;
        var block = direct ? null : torch.empty([rows, .. shape.Skip(1)], type);
        for (long first = 0; first < shape[0]; first += rows)
        {
            using var scope = torch.NewDisposeScope();
            var count = Math.Min(rows, shape[0] - first);
            var place = value.narrow(axis, first, count);
            var read = direct ? place : block!.narrow(0, 0, count);
            checkpoint.ReadRows(name, first, read);
            if (direct)
            {
                continue;
            }

            if (rule.Rearrange is { } pattern)
            {
                sizes[target.Axes.Names[axis]] = count;
                // Transposed as a whole first: writing it transposed into part of a larger tensor goes number by number.
                read = Einops.Rearrange(read, pattern, sizes).contiguous();
            }

            place.copy_(read);
        }

        block?.Dispose();
        return true;
    }

    /// <summary>The axis of the parameter along which the file's rows lie; <see langword="null"/> if the pattern splits or joins that axis.</summary>
    private static int? AxisOfRows(Weight target, string? pattern)
    {
        if (pattern is null)
        {
            return 0;
        }

        var sides = pattern.Split(" -> ");
        return sides[0].StartsWith('(') || sides[1].Split(' ') is not { } ours || !ours.SequenceEqual(target.Axes.Names) || Array.IndexOf(ours, sides[0].Split(' ')[0]) is not (>= 0 and var axis) ? null : axis;
    }
}
