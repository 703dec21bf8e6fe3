namespace Fathom.Activations;

/// <summary>The output of a run and the activations it kept.</summary>
/// <param name="Logits">Logits, <c>[batch, pos, d_vocab]</c> (the residual stream, when the run stopped at a layer or the encoder has no head). The caller disposes it.</param>
/// <param name="Cache">The activations. The caller disposes it.</param>
public sealed record CachedRun(Tensor Logits, ActivationCache Cache) : IDisposable
{
    /// <summary>Frees both.</summary>
    public void Dispose()
    {
        Logits.Dispose();
        Cache.Dispose();
    }
}
