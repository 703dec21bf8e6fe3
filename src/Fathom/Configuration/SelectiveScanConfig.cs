namespace Fathom.Configuration;

/// <summary>A selective state-space mixer: a short convolution, then one small linear recurrence per channel whose step and input and output maps depend on the token (Mamba).</summary>
/// <remarks>Source: Gu and Dao 2023 (arXiv:2312.00752).</remarks>
public sealed record SelectiveScanConfig : MixerConfig
{
    /// <summary>The number of channels.</summary>
    public required int DInner { get; init; }

    /// <summary>The number of state variables of each channel.</summary>
    public required int DState { get; init; }

    /// <summary>The rank of the map that makes step sizes.</summary>
    public required int DDt { get; init; }

    /// <summary>The number of positions that the convolution sees, its own included.</summary>
    public required int Kernel { get; init; }

    /// <summary>Whether the convolution has a bias.</summary>
    public bool ConvBias { get; init; } = true;

    /// <summary>Whether the projections from and to the stream have biases.</summary>
    public bool Bias { get; init; }

    /// <summary>The nonlinearity after the convolution and on the gate.</summary>
    public Activation Activation { get; init; } = Activation.Silu;

    /// <summary>A norm of the low-rank steps and of the input and output maps (Falcon Mamba), or <see langword="null"/>.</summary>
    public NormConfig? InnerNorm { get; init; }
}
