namespace Fathom.Configuration;

/// <summary>Linear attention with a matrix memory per head that decays and is corrected by the delta rule.</summary>
/// <remarks>Source: Yang et al. 2024 (arXiv:2412.06464).</remarks>
public sealed record GatedDeltaNetConfig : MixerConfig
{
    /// <summary>The number of value heads.</summary>
    public required int NHeads { get; init; }

    /// <summary>The number of key heads; value head <c>h</c> reads key head <c>h / (NHeads / NKeyHeads)</c>.</summary>
    public required int NKeyHeads { get; init; }

    /// <summary>The width of a head's queries and keys.</summary>
    public required int DKey { get; init; }

    /// <summary>The width of a head's values.</summary>
    public required int DValue { get; init; }

    /// <summary>The number of positions that the convolutions see, their own included.</summary>
    public required int Kernel { get; init; }

    /// <summary>The nonlinearity after the convolutions and on the gate.</summary>
    public Activation Activation { get; init; } = Activation.Silu;

    /// <summary>The norm of each head's output, before the gate.</summary>
    public required NormConfig OutputNorm { get; init; }
}
