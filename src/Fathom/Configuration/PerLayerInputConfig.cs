namespace Fathom.Configuration;

/// <summary>What a block does with its layer's vector of the token: <c>norm((act(x·W_gate) ⊙ vector)·W_out)</c>.</summary>
/// <param name="Width">The width of the vector.</param>
/// <param name="Activation">The nonlinearity of the gate.</param>
/// <param name="Norm">The norm of what it writes.</param>
public sealed record PerLayerInputConfig(int Width, Activation Activation, NormConfig Norm);
