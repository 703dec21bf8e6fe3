namespace Fathom.Configuration;

/// <summary>One block: a mixer (usually attention) and an MLP, each with optional norms, and how they join the residual stream.</summary>
/// <remarks>Optional parts are <see langword="null"/>. The names follow the reference: <c>ln1</c> before attention, <c>ln2</c> before the MLP,
/// <c>ln1_post</c> and <c>ln2_post</c> on what a sublayer writes; where only the norm after the sublayer exists it is called <c>ln1</c> and <c>ln2</c>.</remarks>
public sealed record BlockConfig
{
    /// <summary>What mixes positions: attention or a state-space mixer.</summary>
    public required MixerConfig Mixer { get; init; }

    /// <summary>The MLP; <see langword="null"/> in attention-only and state-space models.</summary>
    public MlpConfig? Mlp { get; init; }

    /// <summary>The norm before the mixer.</summary>
    public NormConfig? Ln1 { get; init; }

    /// <summary>The norm on what the mixer writes.</summary>
    public NormConfig? Ln1Post { get; init; }

    /// <summary>Attention to the output of an encoder, between attention and the MLP; <see langword="null"/> in models without one.</summary>
    public CrossAttentionConfig? CrossAttention { get; init; }

    /// <summary>The norm before the MLP (before cross-attention, in blocks that have it). In a parallel block <see langword="null"/> means that the MLP reads <c>ln1</c>'s output.</summary>
    public NormConfig? Ln2 { get; init; }

    /// <summary>The norm before the MLP in blocks with cross-attention, whose own norm is <see cref="Ln2"/>.</summary>
    public NormConfig? Ln3 { get; init; }

    /// <summary>The norm on what the MLP writes.</summary>
    public NormConfig? Ln2Post { get; init; }

    /// <summary>The earlier block whose weights this one uses (ALBERT); <see langword="null"/> if it has its own.</summary>
    public int? WeightsOf { get; init; }

    /// <summary>How the two sublayers join the residual stream.</summary>
    public BlockLayout Layout { get; init; } = BlockLayout.Sequential;

    /// <summary>The factor on what each sublayer writes.</summary>
    public double ResidualMultiplier { get; init; } = 1;

    /// <summary>A low-rank branch beside attention, or <see langword="null"/>.</summary>
    public LaurelConfig? Laurel { get; init; }

    /// <summary>How the block uses its layer's vector of each token, or <see langword="null"/> where there are none.</summary>
    public PerLayerInputConfig? PerLayerInput { get; init; }

    /// <summary>Several lanes of the stream, of which the sublayers read and write the first; or <see langword="null"/> for the usual one.</summary>
    public AltUpConfig? AltUp { get; init; }

    /// <summary>Whether the stream is multiplied by a trained number when it leaves the block.</summary>
    public bool OutputScale { get; init; }
}
