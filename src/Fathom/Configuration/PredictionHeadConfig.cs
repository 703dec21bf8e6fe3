namespace Fathom.Configuration;

/// <summary>A layer between the stream and the unembedding: <c>norm(act(x·W + b))</c>, as wide as the word vectors.</summary>
/// <param name="Activation">The nonlinearity.</param>
/// <param name="Norm">The norm behind it.</param>
/// <param name="Bias">Whether there is a bias.</param>
/// <remarks>Source: Devlin et al. 2018 (arXiv:1810.04805), where it predicts masked words.</remarks>
public sealed record PredictionHeadConfig(Activation Activation, NormConfig Norm, bool Bias);
