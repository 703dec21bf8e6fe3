using Fathom.Loading.Checkpoints.Bytes;

namespace Fathom.Loading.Checkpoints.Torch;

/// <summary>Opens a file by torch.save, of either container.</summary>
internal static class TorchFile
{
    /// <summary>Reads and validates everything but the numbers; owns the source from then on, also when it throws.</summary>
    /// <exception cref="InvalidCheckpointException">The file is broken, hostile, or something else.</exception>
    public static TorchCheckpoint Open(ByteSource source)
    {
        try
        {
            var head = source.Read(0, (int)Math.Min(source.Length, 4));
            return head switch
            {
                [(byte)'P', (byte)'K', 3, 4] => TorchZip.Read(source),
                [0x80, ..] => TorchLegacy.Read(source),
                _ => throw source.Invalid($"this is not a torch checkpoint (it must begin with a zip local header at 0, or a pickle): it looks like {FileKind.Describe(source)}."),
            };
        }
        catch
        {
            source.Dispose();
            throw;
        }
    }
}
