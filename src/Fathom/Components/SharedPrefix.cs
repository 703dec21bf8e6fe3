namespace Fathom.Components;

/// <summary>The leading positions of a recorded sequence, read by every sequence of a window run without a copy.</summary>
internal sealed class SharedPrefix(RecordedPrefix recorded, long count, long sequence) : Prefix
{
    public override long Count => count;

    internal override AttendedKeys Extend(int layer, Tensor keys, Tensor values) => count == 0
        ? new(keys, values)
        : new(keys, values, recorded.Keys(layer).select(0, sequence).narrow(1, 0, count), recorded.Values(layer).select(0, sequence).narrow(1, 0, count));
}
