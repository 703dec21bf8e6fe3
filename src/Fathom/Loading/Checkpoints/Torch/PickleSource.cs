using Fathom.Loading.Checkpoints.Bytes;

namespace Fathom.Loading.Checkpoints.Torch;

/// <summary>A pickle inside an archive: its own bytes, but the archive's length, which bounds what its tensors may claim.</summary>
internal sealed class PickleSource(ByteSource pickle, long archiveLength) : ByteSource(pickle.Name, archiveLength)
{
    /// <inheritdoc/>
    protected override int ReadSome(long offset, Span<byte> destination) => throw new NotSupportedException("only the facts of this source are used");

    /// <inheritdoc/>
    protected override void Close()
    {
    }
}
