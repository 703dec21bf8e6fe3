using Fathom.Configuration;

namespace Fathom.Architectures;

/// <summary>ELECTRA's generator: BERT with narrower word vectors, projected into the stream after their norm, and a head that writes back to their width.</summary>
/// <remarks>Source: Clark et al. 2020 (arXiv:2003.10555). The discriminator has another head and is not a model of words.</remarks>
public sealed class Electra : Architecture
{
    /// <inheritdoc/>
    public override IReadOnlyList<string> Ids => ["ElectraForMaskedLM", "ElectraModel"];

    /// <inheritdoc/>
    public override string Family => "ELECTRA";

    /// <inheritdoc/>
    public override ModelKind Kind => ModelKind.Encoder;

    /// <inheritdoc/>
    public override string BasePrefix => "electra.";

    /// <inheritdoc/>
    public override IReadOnlyList<string> StaleTensors => ["embeddings.position_ids"];

    /// <inheritdoc/>
    protected override IReadOnlyList<string> InertKeys => ["summary_last_dropout"];

    /// <inheritdoc/>
    public override IReadOnlyList<WeightRule> Weights(ModelConfig config) =>
    [
        .. BertTensors.Embeddings("electra."),
        new("embed.W_proj", "electra.embeddings_project.weight", "d_model d_embed -> d_embed d_model"),
        new("embed.b_proj", "electra.embeddings_project.bias"),
        .. BertTensors.Layers("electra."),
        .. BertTensors.Head("generator_predictions.dense", "generator_predictions.LayerNorm", "generator_lm_head", "generator_lm_head.bias"),
    ];

    /// <inheritdoc/>
    protected override ModelConfig Read(HubConfig hub)
    {
        ArgumentNullException.ThrowIfNull(hub);
        var narrow = hub.Size("embedding_size", 128);
        EncoderShape shape = new(hub);
        return EncoderShape.Bare(hub, shape.Model(Ids[0], Activation.Gelu) with { DEmbed = narrow == shape.Width ? null : narrow });
    }
}
