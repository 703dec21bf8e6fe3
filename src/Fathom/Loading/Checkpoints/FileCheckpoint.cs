namespace Fathom.Loading.Checkpoints;

/// <summary>A checkpoint whose tensors are filled chunk by chunk from files, so that no second copy of a tensor ever exists.</summary>
internal abstract class FileCheckpoint : Checkpoint
{
    /// <summary>Values copied into the tensor at once: at most a quarter of a GiB, and a whole number of blocks of every type.</summary>
    private const int ChunkValues = 1 << 25;

    /// <inheritdoc/>
    public sealed override Tensor Read(string name)
    {
        var stored = Find(name);
        if (stored.Type.ReadAs is not { } type)
        {
            throw new InvalidCheckpointException(Source, $"tensor '{name}' is stored as {stored.Type.Label}, which can be listed but not read; convert the checkpoint to F32, F16 or BF16.");
        }

        Native.NativeLibraries.EnsureLoaded();
        var tensor = torch.empty([.. stored.Shape], dtype: type).DetachFromDisposeScope();
        try
        {
            using var scope = torch.NewDisposeScope();
            var flat = tensor.view(-1);
            for (long first = 0; first < stored.Count; first += ChunkValues)
            {
                ReadValues(stored, first, flat.narrow(0, first, Math.Min(ChunkValues, stored.Count - first)).bytes);
            }

            return tensor;
        }
        catch
        {
            tensor.Dispose();
            throw;
        }
    }

    /// <summary>Writes values <paramref name="first"/> and on, in row-major order and in the type the tensor is read as.</summary>
    /// <param name="tensor">One of <see cref="Checkpoint.Tensors"/>.</param>
    /// <param name="first">Index of the first value; a multiple of the block size.</param>
    /// <param name="destination">A whole number of values.</param>
    internal abstract void ReadValues(StoredTensor tensor, long first, Span<byte> destination);
}
