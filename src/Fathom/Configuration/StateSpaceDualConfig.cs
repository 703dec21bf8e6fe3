namespace Fathom.Configuration;

/// <summary>A state-space mixer of heads: one scalar decay per head and token, a matrix state per head, input and output maps shared by groups of heads (Mamba-2).</summary>
/// <remarks>Source: Dao and Gu 2024 (arXiv:2405.21060).</remarks>
public sealed record StateSpaceDualConfig : MixerConfig
{
    /// <summary>The number of heads.</summary>
    public required int NHeads { get; init; }

    /// <summary>The width of a head.</summary>
    public required int DHead { get; init; }

    /// <summary>The number of groups of heads that share input and output maps; it divides the number of heads.</summary>
    public required int NGroups { get; init; }

    /// <summary>The number of state variables of each channel.</summary>
    public required int DState { get; init; }

    /// <summary>The number of positions that the convolution sees, its own included.</summary>
    public required int Kernel { get; init; }

    /// <summary>Whether the convolution has a bias.</summary>
    public bool ConvBias { get; init; } = true;

    /// <summary>Whether the projections from and to the stream have biases.</summary>
    public bool Bias { get; init; }

    /// <summary>The nonlinearity after the convolution and on the gate.</summary>
    public Activation Activation { get; init; } = Activation.Silu;

    /// <summary>The smallest step.</summary>
    public double SmallestStep { get; init; }

    /// <summary>The largest step.</summary>
    public double LargestStep { get; init; } = double.PositiveInfinity;

    /// <summary>The norm of the gated output, over each group of heads.</summary>
    public required NormConfig OutputNorm { get; init; }
}
