namespace Fathom.Configuration;

/// <summary><c>(act(x·W_gate) ⊙ (x·W_in))·W_out</c>.</summary>
/// <param name="DMlp">The hidden width.</param>
/// <param name="Activation">The nonlinearity of the gate.</param>
/// <param name="Bias">Whether the three projections have biases.</param>
/// <param name="HiddenNorm">A norm over the hidden width before <c>W_out</c> (BitNet), or <see langword="null"/>.</param>
/// <param name="Sparsity">The share of the gate that a cutoff at a quantile of a normal distribution sets to zero before the nonlinearity (Gemma 3n); 0 for none.</param>
/// <remarks>Source: Shazeer 2020 (arXiv:2002.05202).</remarks>
public sealed record GatedMlpConfig(int DMlp, Activation Activation, bool Bias = false, NormConfig? HiddenNorm = null, double Sparsity = 0) : MlpConfig(DMlp);
