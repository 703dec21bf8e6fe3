namespace Fathom.Loading.Checkpoints;

/// <summary>Copies the elements of a tensor, bit for bit, to a stream.</summary>
internal static class TensorBytes
{
    private const long ChunkElements = 1 << 22;

    /// <summary>Writes the elements in row-major order.</summary>
    /// <exception cref="InvalidOperationException">The tensor is not what was announced.</exception>
    public static void CopyTo(TensorToWrite planned, Stream stream)
    {
        using var scope = torch.NewDisposeScope();
        using var noGrad = torch.no_grad();
        var tensor = planned.Open();
        if (tensor.dtype != planned.Type || !tensor.shape.AsSpan().SequenceEqual([.. planned.Shape]))
        {
            throw new InvalidOperationException(
                $"'{planned.Name}' was announced as {planned.Type} [{string.Join(", ", planned.Shape)}] but is {tensor.dtype} [{string.Join(", ", tensor.shape)}].");
        }

        // resolve: a lazily conjugated or negated tensor keeps its old bytes until it is copied.
        var flat = tensor.detach().cpu().resolve_conj().resolve_neg().contiguous().view(-1);
        var count = flat.numel();
        for (long first = 0; first < count; first += ChunkElements)
        {
            stream.Write(flat.narrow(0, first, Math.Min(ChunkElements, count - first)).bytes);
        }
    }
}
