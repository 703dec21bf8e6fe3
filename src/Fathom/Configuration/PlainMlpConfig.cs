namespace Fathom.Configuration;

/// <summary><c>act(x·W_in + b_in)·W_out + b_out</c>.</summary>
/// <param name="DMlp">The hidden width.</param>
/// <param name="Activation">The nonlinearity.</param>
/// <param name="Bias">Whether there are biases.</param>
/// <param name="HiddenNorm">A norm over the hidden width after the nonlinearity (SoLU models), or <see langword="null"/>.</param>
public sealed record PlainMlpConfig(int DMlp, Activation Activation, bool Bias, NormConfig? HiddenNorm = null) : MlpConfig(DMlp);
