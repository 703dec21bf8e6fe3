using Fathom.Configuration;

namespace Fathom.Architectures;

/// <summary>RoBERTa and its translations: BERT whose positions begin after the padding id, with one token type and an exact GELU in the head.</summary>
/// <remarks>Source: Liu et al. 2019 (arXiv:1907.11692). Positions count real tokens by the mask; the padding id only says which row of the table is the first.</remarks>
public sealed class Roberta : Architecture
{
    /// <inheritdoc/>
    public override IReadOnlyList<string> Ids => ["RobertaForMaskedLM", "XLMRobertaForMaskedLM", "CamembertForMaskedLM", "RobertaModel", "XLMRobertaModel", "CamembertModel"];

    /// <inheritdoc/>
    public override string Family => "RoBERTa";

    /// <inheritdoc/>
    public override ModelKind Kind => ModelKind.Encoder;

    /// <inheritdoc/>
    public override string BasePrefix => "roberta.";

    /// <inheritdoc/>
    public override IReadOnlyList<string> StaleTensors => ["embeddings.position_ids", "lm_head.decoder.bias", "pooler.dense.weight", "pooler.dense.bias"];

    /// <inheritdoc/>
    protected override IReadOnlyList<string> InertKeys => ["output_past"];

    /// <inheritdoc/>
    public override IReadOnlyList<WeightRule> Weights(ModelConfig config) =>
    [
        .. BertTensors.Embeddings("roberta."),
        .. BertTensors.Layers("roberta."),
        .. BertTensors.Head("lm_head.dense", "lm_head.layer_norm", "lm_head.decoder", "lm_head.bias"),
    ];

    /// <inheritdoc/>
    protected override ModelConfig Read(HubConfig hub)
    {
        ArgumentNullException.ThrowIfNull(hub);
        return EncoderShape.Bare(hub, new EncoderShape(hub).Model(Ids[0], Activation.Gelu, offset: hub.Count("pad_token_id", 1) + 1));
    }
}
