using Fathom.Configuration;

namespace Fathom.Architectures;

/// <summary>BERT: learned positions, token types, norms on the stream after each sublayer, a head that predicts masked words.</summary>
/// <remarks>Source: Devlin et al. 2018 (arXiv:1810.04805).</remarks>
public sealed class Bert : Architecture
{
    /// <inheritdoc/>
    public override IReadOnlyList<string> Ids => ["BertForMaskedLM", "BertForPreTraining", "BertModel"];

    /// <inheritdoc/>
    public override string Family => "BERT";

    /// <inheritdoc/>
    public override ModelKind Kind => ModelKind.Encoder;

    /// <inheritdoc/>
    public override string BasePrefix => "bert.";

    /// <inheritdoc/>
    public override IReadOnlyList<string> StaleTensors => ["embeddings.position_ids", "cls.predictions.decoder.bias"];

    /// <summary>Left over from the converter of the first checkpoints; nobody reads them.</summary>
    protected override IReadOnlyList<string> InertKeys => ["directionality", "pooler_fc_size", "pooler_num_attention_heads", "pooler_num_fc_layers", "pooler_size_per_head", "pooler_type", "output_past"];

    /// <inheritdoc/>
    public override IReadOnlyList<WeightRule> Weights(ModelConfig config) =>
    [
        .. BertTensors.Embeddings("bert."),
        .. BertTensors.Layers("bert."),
        .. BertTensors.Head("cls.predictions.transform.dense", "cls.predictions.transform.LayerNorm", "cls.predictions.decoder", "cls.predictions.bias"),
        new("pooler.W", "bert.pooler.dense.weight", "d_pooled d_model -> d_model d_pooled") { IsOptional = true },
        new("pooler.b", "bert.pooler.dense.bias") { IsOptional = true },
        new("nsp_head.W", "cls.seq_relationship.weight", "n_classes d_pooled -> d_pooled n_classes") { IsOptional = true },
        new("nsp_head.b", "cls.seq_relationship.bias") { IsOptional = true },
    ];

    /// <inheritdoc/>
    protected override ModelConfig Read(HubConfig hub)
    {
        ArgumentNullException.ThrowIfNull(hub);
        EncoderShape shape = new(hub);
        return EncoderShape.Bare(hub, shape.Model(Ids[0], hub.Activation("hidden_act", "gelu")) with { NextSentence = true });
    }
}
