namespace Fathom.Loading.Checkpoints.Bytes;

/// <summary>A file that is already in memory.</summary>
internal sealed class MemorySource(string name, ReadOnlyMemory<byte> bytes) : ByteSource(name, bytes.Length)
{
    /// <inheritdoc/>
    protected override int ReadSome(long offset, Span<byte> destination)
    {
        var count = (int)Math.Min(destination.Length, bytes.Length - offset);
        bytes.Span.Slice((int)offset, count).CopyTo(destination);
        return count;
    }

    /// <inheritdoc/>
    protected override void Close()
    {
    }
}
