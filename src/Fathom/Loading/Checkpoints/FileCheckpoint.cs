using System.Runtime.InteropServices;

namespace Fathom.Loading.Checkpoints;

/// <summary>A checkpoint whose tensors are filled chunk by chunk from files, so that no second copy of a tensor ever exists.</summary>
public abstract class FileCheckpoint : Checkpoint
{
    /// <summary>Values copied into the tensor at once: at most a quarter of a GiB, and a whole number of blocks of every type.</summary>
    private const int ChunkValues = 1 << 25;

    private protected FileCheckpoint()
    {
    }

    /// <inheritdoc/>
    public sealed override Tensor Read(string name)
    {
        var stored = Find(name);
        return ReadPart(stored, 0, stored.Shape);
    }

    /// <summary>Reads consecutive values of a tensor as a tensor of another shape.</summary>
    /// <param name="stored">One of <see cref="Checkpoint.Tensors"/>.</param>
    /// <param name="first">Index of the first value; a multiple of the block size.</param>
    /// <param name="shape">The shape of the result.</param>
    internal Tensor ReadPart(StoredTensor stored, long first, IReadOnlyList<long> shape)
    {
        if (stored.Type.ReadAs is not { } type)
        {
            throw new InvalidCheckpointException(Source, $"tensor '{stored.Name}' is stored as {stored.Type.Label}, which can be listed but not read; convert the checkpoint to F32, F16 or BF16.");
        }

        Native.NativeLibraries.EnsureLoaded();
        var tensor = torch.empty([.. shape], dtype: type).DetachFromDisposeScope();
        try
        {
            FillFrom(stored, first, tensor);
            return tensor;
        }
        catch
        {
            tensor.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    internal override bool ReadsRows(string name) => Find(name).Type.ReadAs is not null;

    /// <inheritdoc/>
    internal sealed override void ReadRows(string name, long first, Tensor rows)
    {
        var stored = Find(name);
        FillFrom(stored, first * (stored.Count / stored.Shape[0]), rows);
    }

    /// <summary>Writes values <paramref name="first"/> and on, in row-major order and in the type the tensor is read as.</summary>
    /// <param name="tensor">One of <see cref="Checkpoint.Tensors"/>.</param>
    /// <param name="first">Index of the first value; a multiple of the block size.</param>
    /// <param name="destination">A whole number of values.</param>
    internal abstract void ReadValues(StoredTensor tensor, long first, Span<byte> destination);

    private void FillFrom(StoredTensor stored, long first, Tensor tensor)
    {
        using var scope = torch.NewDisposeScope();
        var flat = tensor.view(-1);
        var count = flat.numel();
        for (long done = 0; done < count; done += ChunkValues)
        {
            var chunk = flat.narrow(0, done, Math.Min(ChunkValues, count - done)).bytes;
            ReadValues(stored, first + done, chunk);
            CheckFits(stored, chunk);
        }
    }

    /// <summary>The bits of an unsigned 64-bit value above 2^63 - 1 would read as a negative number.</summary>
    private void CheckFits(StoredTensor stored, ReadOnlySpan<byte> chunk)
    {
        if (stored.Type == StoredType.U64 && MemoryMarshal.Cast<byte, long>(chunk).ContainsAnyInRange(long.MinValue, -1))
        {
            throw new InvalidCheckpointException(Source, $"tensor '{stored.Name}' holds unsigned 64-bit values above 2^63 - 1, which no tensor type here can hold.");
        }
    }
}
