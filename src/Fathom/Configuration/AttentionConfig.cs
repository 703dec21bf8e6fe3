namespace Fathom.Configuration;

/// <summary>Multi-head attention with its many options; what a family lacks is <see langword="null"/> or false.</summary>
/// <remarks>Source: Vaswani et al. 2017 (arXiv:1706.03762); grouped queries: Ainslie et al. 2023 (arXiv:2305.13245).</remarks>
public sealed record AttentionConfig : MixerConfig
{
    /// <summary>The number of query heads.</summary>
    public required int NHeads { get; init; }

    /// <summary>The number of key-value heads; query head <c>h</c> reads key-value head <c>h / (NHeads / NKeyValueHeads)</c>.</summary>
    public required int NKeyValueHeads { get; init; }

    /// <summary>The width of a head's queries and keys.</summary>
    public required int DHead { get; init; }

    /// <summary>The width of a head's values.</summary>
    public int DHeadV { get => field == 0 ? DHead : field; init; }

    /// <summary>The factor on <c>q·k</c>; usually <c>1/√d_head</c>.</summary>
    public required double Scale { get; init; }

    /// <summary>Whether queries, keys and values have biases.</summary>
    public bool QkvBias { get; init; }

    /// <summary>Whether the output projection has a bias.</summary>
    public bool OutputBias { get; init; }

    /// <summary>Whether a query sees only itself and earlier keys (decoders) rather than keys on both sides (encoders).</summary>
    public bool Causal { get; init; } = true;

    /// <summary>The number of keys a query sees, itself included; <see langword="null"/> for all. Without <see cref="Causal"/> it sees <c>Window / 2</c> keys on each side.</summary>
    public int? Window { get; init; }

    /// <summary>The size of the blocks outside which a query sees nothing (Llama-4); <see langword="null"/> for none.</summary>
    public int? Chunk { get; init; }

    /// <summary>Rotary positions, or <see langword="null"/> on layers without them.</summary>
    public RotaryConfig? Rotary { get; init; }

    /// <summary>A bias on the scores that depends on distance, or <see langword="null"/>.</summary>
    public ScoreBiasConfig? ScoreBias { get; init; }

    /// <summary>Terms of the scores in which vectors of distances meet queries and keys (DeBERTa), or <see langword="null"/>.</summary>
    public DisentangledConfig? Disentangled { get; init; }

    /// <summary>The bound <c>c</c> of <c>c·tanh(scores/c)</c>, applied after scaling and before the mask; or <see langword="null"/>.</summary>
    public double? SoftCap { get; init; }

    /// <summary>Norms of queries and keys, or <see langword="null"/>.</summary>
    public QueryKeyNormConfig? QueryKeyNorm { get; init; }

    /// <summary>A norm of the values over <c>d_head</c>, or <see langword="null"/>.</summary>
    public NormConfig? ValueNorm { get; init; }

    /// <summary>A norm of the concatenated heads before the output projection (BitNet), or <see langword="null"/>.</summary>
    public NormConfig? OutputNorm { get; init; }

    /// <summary>The bound to which queries, keys and values are clamped, or <see langword="null"/>.</summary>
    public double? Clip { get; init; }

    /// <summary>Whether one learned logit per head joins each softmax and is thrown away (GPT-OSS).</summary>
    public bool Sinks { get; init; }

    /// <summary>Whether a sigmoid gate, projected from the same input, multiplies the heads' output.</summary>
    public bool OutputGate { get; init; }

    /// <summary>A factor on queries that grows with position, or <see langword="null"/>.</summary>
    public QueryTemperature? Temperature { get; init; }

    /// <summary>Compressed queries, keys and values, or <see langword="null"/> where they are projected directly.</summary>
    public LatentConfig? Latent { get; init; }

    /// <summary>The earlier block whose keys and values this one reads (Gemma 3n), or <see langword="null"/> if it makes its own.</summary>
    public int? KeysFrom { get; init; }

    /// <summary>Whether a later block reads this one's keys and values.</summary>
    public bool LendsKeys { get; init; }
}
