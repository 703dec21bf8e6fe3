namespace Fathom.Loading.Checkpoints.Adapters;

/// <summary>One changed matrix.</summary>
/// <param name="Weight">The base model's name of the weight.</param>
/// <param name="A">The name of the factor <c>[r, in]</c> in the adapter's file.</param>
/// <param name="B">The name of the factor <c>[out, r]</c> in the adapter's file.</param>
/// <param name="Rank">r.</param>
/// <param name="Scaling">What the product is multiplied by: α / r, or α / √r when rank-stabilised.</param>
/// <param name="IsTransposed">True where the weight is stored <c>[in, out]</c>: embeddings, and models with Conv1D.</param>
/// <param name="Magnitude">The name of DoRA's lengths <c>[out]</c>, or null.</param>
public sealed record LoraModule(string Weight, string A, string B, int Rank, double Scaling, bool IsTransposed, string? Magnitude);
