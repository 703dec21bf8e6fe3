namespace Fathom.Configuration;

/// <summary>Alternating updates: the residual stream has several lanes; a block predicts all of them from all, updates the first, and corrects the others by what that changed.</summary>
/// <param name="Streams">The number of lanes, each <c>d_model</c> wide.</param>
/// <param name="Epsilon">The value added to the mean square in the router's norm.</param>
/// <param name="ScalesCorrected">Whether the corrected first lane is multiplied by a trained vector before the per-layer input reads it.</param>
/// <remarks>Source: Baykal et al. 2023 (arXiv:2301.13310).</remarks>
public sealed record AltUpConfig(int Streams, double Epsilon, bool ScalesCorrected);
