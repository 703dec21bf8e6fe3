namespace Fathom.Models;

/// <summary>Token ids of a batch, with the mask that says which are real.</summary>
/// <param name="Ids">Token ids, <c>[batch, pos]</c>, int64.</param>
/// <param name="Mask">1 for real tokens and 0 for padding, <c>[batch, pos]</c>; <see langword="null"/> if nothing is padded. It comes from the lengths, never from the ids.</param>
public sealed record TokenBatch(Tensor Ids, Tensor? Mask) : IDisposable
{
    /// <summary>The type (segment) of each token, <c>[batch, pos]</c>, int64, where two texts were joined; <see langword="null"/> for type 0 everywhere.</summary>
    public Tensor? TokenTypes { get; init; }

    /// <summary>Frees ids, mask and types.</summary>
    public void Dispose()
    {
        Ids.Dispose();
        Mask?.Dispose();
        TokenTypes?.Dispose();
    }
}
