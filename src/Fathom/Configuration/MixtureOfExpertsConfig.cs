namespace Fathom.Configuration;

/// <summary>A mixture of experts: gated MLPs of which each token uses a few, and perhaps one that all tokens use.</summary>
/// <param name="DMlp">The hidden width of one expert.</param>
/// <param name="Experts">The number of experts.</param>
/// <param name="Activation">The nonlinearity of their gates.</param>
/// <param name="Router">How each token's experts are chosen and weighed.</param>
/// <remarks>Source: Shazeer et al. 2017 (arXiv:1701.06538); shared experts: Dai et al. 2024 (arXiv:2401.06066).</remarks>
public sealed record MixtureOfExpertsConfig(int DMlp, int Experts, Activation Activation, RouterConfig Router) : MlpConfig(DMlp)
{
    /// <summary>Whether the three projections of each expert have biases.</summary>
    public bool Bias { get; init; }

    /// <summary>The clamped form of the gated unit, or <see langword="null"/> for the plain one.</summary>
    public ClampedGate? Clamped { get; init; }

    /// <summary>Whether one bias joins what the experts write together (JetMoE).</summary>
    public bool OutputBias { get; init; }

    /// <summary>The expert that every token uses, or <see langword="null"/>.</summary>
    public GatedMlpConfig? Shared { get; init; }

    /// <summary>Whether a sigmoid gate, projected from the same input, multiplies what the shared expert writes (Qwen).</summary>
    public bool SharedGate { get; init; }
}
