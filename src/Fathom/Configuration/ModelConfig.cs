namespace Fathom.Configuration;

/// <summary>Everything needed to build a model of one stack of blocks, and nothing about where its weights come from.</summary>
public sealed record ModelConfig
{
    /// <summary>The architecture's id as checkpoints write it, e.g. <c>GPT2LMHeadModel</c>.</summary>
    public required string Architecture { get; init; }

    /// <summary>The width of the residual stream.</summary>
    public required int DModel { get; init; }

    /// <summary>The number of rows of the embedding; it may exceed the number of tokens.</summary>
    public required int DVocab { get; init; }

    /// <summary>The context length, in tokens.</summary>
    public required int NCtx { get; init; }

    /// <summary>Whether longer prompts are refused although positions come from no table: the reference computes them by another rule (the first Qwen).</summary>
    public bool EndsAtContext { get; init; }

    /// <summary>The blocks, first to last.</summary>
    public required IReadOnlyList<BlockConfig> Blocks { get; init; }

    /// <summary>Position vectors added to the embedding; <see langword="null"/> where positions enter only inside attention.</summary>
    public PositionConfig? Positions { get; init; }

    /// <summary>The norm before the unembedding, or <see langword="null"/>.</summary>
    public NormConfig? FinalNorm { get; init; }

    /// <summary>Vectors of distances that attention reads in every layer (DeBERTa), or <see langword="null"/>.</summary>
    public RelativeEmbedConfig? RelativeEmbed { get; init; }

    /// <summary>The number of token types (segments) that have a vector each; <see langword="null"/> in models without them.</summary>
    public int? TokenTypes { get; init; }

    /// <summary>A norm right after the embedding (BLOOM), in encoders after the sum of all that is embedded; or <see langword="null"/>.</summary>
    public NormConfig? EmbedNorm { get; init; }

    /// <summary>A second embedding whose vectors the blocks read, one per layer; or <see langword="null"/>.</summary>
    public PerLayerEmbeddingConfig? PerLayerEmbedding { get; init; }

    /// <summary>The factor on the token embedding.</summary>
    public double EmbedScale { get; init; } = 1;

    /// <summary>The width of the word vectors where a projection maps them to <see cref="DModel"/> and back; <see langword="null"/> if they are the same.</summary>
    public int? DEmbed { get; init; }

    /// <summary>What stands between the stream and the unembedding (BERT), or <see langword="null"/>.</summary>
    public PredictionHeadConfig? Head { get; init; }

    /// <summary>Whether the model gives logits of words; without, its output is the stream after the last block and norm (encoders saved without their head).</summary>
    public bool PredictsWords { get; init; } = true;

    /// <summary>Whether a head on the first token tells if the second of two texts follows the first (BERT); files may leave its weights out.</summary>
    public bool NextSentence { get; init; }

    /// <summary>Whether the unembedding is the transposed embedding when the checkpoint holds only one of them.</summary>
    public bool TiedEmbeddings { get; init; }

    /// <summary>Whether the unembedding has a bias.</summary>
    public bool UnembedBias { get; init; }

    /// <summary>The encoder whose output the blocks attend to; <see langword="null"/> in models of one stack.</summary>
    public StackConfig? Encoder { get; init; }

    /// <summary>The token that an encoder-decoder's decoder starts with; <see langword="null"/> where there is none.</summary>
    public int? DecoderStartToken { get; init; }

    /// <summary>The token that an encoder-decoder's answers always begin with, after the start token (mBART: the language); <see langword="null"/> for none.</summary>
    public int? ForcedFirstToken { get; init; }

    /// <summary>The token that takes the last place of an encoder-decoder's answer when it is cut off; <see langword="null"/> for none.</summary>
    public int? ForcedLastToken { get; init; }

    /// <summary>The factor on what the unembedding of an encoder-decoder reads (T5: <c>1/√d_model</c>).</summary>
    public double OutputScale { get; init; } = 1;

    /// <summary>The factor on the logits.</summary>
    public double LogitScale { get; init; } = 1;

    /// <summary>The bound <c>c</c> of <c>c·tanh(logits/c)</c>, or <see langword="null"/>.</summary>
    public double? LogitSoftCap { get; init; }

    /// <summary>The number of blocks.</summary>
    public int NLayers => Blocks.Count;

    /// <summary>The number of query heads of the first attention layer; 0 if no block has attention.</summary>
    public int NHeads => FirstAttention.Heads;

    /// <summary>The number of key-value heads of the first attention layer; 0 if no block has attention.</summary>
    public int NKeyValueHeads => FirstAttention.KeyValueHeads;

    /// <summary>The width of one head of the first attention layer; 0 if no block has attention.</summary>
    public int DHead => FirstAttention.Width;

    /// <summary>The hidden width of the first MLP; 0 if no block has one.</summary>
    public int DMlp => Blocks.Select(b => b.Mlp).FirstOrDefault(m => m is not null)?.DMlp ?? 0;

    private (int Heads, int KeyValueHeads, int Width) FirstAttention => Blocks.Select(b => b.Mixer switch
    {
        AttentionConfig a => (a.NHeads, a.NKeyValueHeads, a.DHead),
        RoutedAttentionConfig r => (r.NHeads, r.KeyValueHeads, r.DHead),
        _ => (0, 0, 0),
    }).FirstOrDefault(a => a.Item1 > 0);
}
