namespace Fathom.Attribution;

/// <summary>What happens to each part of the stream: a norm with the run's statistics, directions, both or neither.</summary>
/// <param name="norm">The norm, if there is one.</param>
/// <param name="onto">Directions, <c>[d_model]</c> or <c>[d_model, n]</c>, if there are any.</param>
internal sealed class Projection(FrozenNorm? norm, Tensor? onto)
{
    /// <summary>The directions in front of the norm.</summary>
    public Tensor? Direction { get; } = onto is null ? null : norm?.Before(onto) ?? onto;

    /// <summary>Norms vectors.</summary>
    public Tensor Normed(Tensor vectors) => norm?.Apply(vectors) ?? vectors;

    /// <summary>Divides products with <see cref="Direction"/> by the norm's scale.</summary>
    public Tensor Scaled(Tensor products) => norm?.Scaled(products, onto!.dim() == 2) ?? products;

    /// <summary>Norms and projects vectors, <c>[..., d_model]</c>.</summary>
    public Tensor Of(Tensor vectors)
    {
        if (Direction is not { } direction)
        {
            return Normed(vectors);
        }

        var flat = vectors.reshape(-1, vectors.shape[^1]);
        return Scaled(direction.dim() == 2 ? flat.mm(direction).view([.. vectors.shape[..^1], -1]) : flat.mv(direction).view(vectors.shape[..^1]));
    }
}
