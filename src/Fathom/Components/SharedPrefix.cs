namespace Fathom.Components;

/// <summary>The leading positions of a recorded sequence, read by every sequence of a window run without a copy.</summary>
internal sealed class SharedPrefix(RecordedPrefix recorded, long count, long sequence) : Prefix
{
    public override long Count => count;

    internal override AttendedKeys Extend(int layer, Tensor keys, Tensor values) => Lent(layer) is { } lent ? new(keys, values, lent.Keys, lent.Values) : new(keys, values);

    /// <summary>The keys and values of the leading positions, <c>[kv_head, count, d_head]</c>; <see langword="null"/> if there are none.</summary>
    internal (Tensor Keys, Tensor Values)? Lent(int layer) => count == 0
        ? null
        : (recorded.Keys(layer).select(0, sequence).narrow(1, 0, count), recorded.Values(layer).select(0, sequence).narrow(1, 0, count));

    internal override AttendedKeys Recorded(int layer, Segment segment)
    {
        var (keys, values) = (recorded.Keys(layer).select(0, sequence), recorded.Values(layer).select(0, sequence));
        Tensor Own(Tensor x) => x.narrow(1, count, segment.Length).unsqueeze(0).expand(segment.Batch, -1, -1, -1);
        return count == 0 ? new(Own(keys), Own(values)) : new(Own(keys), Own(values), keys.narrow(1, 0, count), values.narrow(1, 0, count));
    }

    internal override Tensor RecordedVectors(Segment segment) =>
        recorded.Vectors.select(0, sequence).narrow(0, count, segment.Length).unsqueeze(0).expand(segment.Batch, -1, -1, -1);
}
