using Fathom.Configuration;

namespace Fathom.Architectures;

/// <summary>DistilBERT: BERT without token types, under names of its own.</summary>
/// <remarks>Source: Sanh et al. 2019 (arXiv:1910.01108).</remarks>
public sealed class DistilBert : Architecture
{
    private const string Layer = "distilbert.transformer.layer.{i}.";

    /// <inheritdoc/>
    public override IReadOnlyList<string> Ids => ["DistilBertForMaskedLM", "DistilBertModel"];

    /// <inheritdoc/>
    public override string Family => "DistilBERT";

    /// <inheritdoc/>
    public override ModelKind Kind => ModelKind.Encoder;

    /// <inheritdoc/>
    public override string BasePrefix => "distilbert.";

    /// <inheritdoc/>
    public override IReadOnlyList<string> StaleTensors => ["embeddings.position_ids"];

    /// <summary>A table of sines is stored like a learned one.</summary>
    protected override IReadOnlyList<string> InertKeys => ["qa_dropout", "seq_classif_dropout", "sinusoidal_pos_embds", "tie_weights_", "output_past"];

    /// <inheritdoc/>
    public override IReadOnlyList<WeightRule> Weights(ModelConfig config) =>
    [
        .. BertTensors.Embeddings("distilbert."),
        .. BertTensors.Heads("Q", $"{Layer}attention.q_lin"),
        .. BertTensors.Heads("K", $"{Layer}attention.k_lin"),
        .. BertTensors.Heads("V", $"{Layer}attention.v_lin"),
        .. DecoderTensors.Output($"{Layer}attention.out_lin", bias: true),
        .. DecoderTensors.Norm("blocks.{i}.ln1", $"{Layer}sa_layer_norm"),
        .. DecoderTensors.PlainMlp($"{Layer}ffn.lin1", $"{Layer}ffn.lin2", bias: true),
        .. DecoderTensors.Norm("blocks.{i}.ln2", $"{Layer}output_layer_norm"),
        .. BertTensors.Head("vocab_transform", "vocab_layer_norm", "vocab_projector", "vocab_projector.bias"),
    ];

    /// <inheritdoc/>
    protected override ModelConfig Read(HubConfig hub)
    {
        ArgumentNullException.ThrowIfNull(hub);
        var (width, activation, norm) = (hub.Size("dim"), hub.Activation("activation", "gelu"), new LayerNormConfig(1e-12));
        var block = EncoderShape.Block(hub, ("dim", width), ("n_heads", hub.Size("n_heads")), new PlainMlpConfig(hub.Size("hidden_dim"), activation, Bias: true), norm);
        return EncoderShape.Bare(hub, new()
        {
            Architecture = Ids[0],
            DModel = width,
            DVocab = hub.Size("vocab_size"),
            NCtx = hub.Size("max_position_embeddings"),
            Positions = new LearnedPositions(),
            EmbedNorm = norm,
            Head = new(activation, norm, Bias: true),
            TiedEmbeddings = hub.Flag("tie_word_embeddings", true),
            UnembedBias = true,
            Blocks = [.. Enumerable.Repeat(block, hub.Size("n_layers"))],
        });
    }
}
