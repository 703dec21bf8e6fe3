namespace Fathom.Models;

/// <summary>Token ids of a batch, with the mask that says which are real.</summary>
/// <param name="Ids">Token ids, <c>[batch, pos]</c>, int64.</param>
/// <param name="Mask">1 for real tokens and 0 for padding, <c>[batch, pos]</c>; <see langword="null"/> if nothing is padded. It comes from the lengths, never from the ids.</param>
public sealed record TokenBatch(Tensor Ids, Tensor? Mask) : IDisposable
{
    /// <summary>Frees ids and mask.</summary>
    public void Dispose()
    {
        Ids.Dispose();
        Mask?.Dispose();
    }
}
