using System.Globalization;
using Fathom.Configuration;

namespace Fathom.Architectures;

/// <summary>ALBERT: BERT with narrower word vectors and one set of weights for all layers of a group.</summary>
/// <remarks>Source: Lan et al. 2019 (arXiv:1909.11942).</remarks>
public sealed class Albert : Architecture
{
    /// <inheritdoc/>
    public override IReadOnlyList<string> Ids => ["AlbertForMaskedLM", "AlbertForPreTraining", "AlbertModel"];

    /// <inheritdoc/>
    public override string Family => "ALBERT";

    /// <inheritdoc/>
    public override ModelKind Kind => ModelKind.Encoder;

    /// <inheritdoc/>
    public override string BasePrefix => "albert.";

    /// <inheritdoc/>
    public override IReadOnlyList<string> StaleTensors => ["embeddings.position_ids", "predictions.decoder.bias", "pooler.weight", "pooler.bias", "sop_classifier.classifier.weight", "sop_classifier.classifier.bias"];

    /// <inheritdoc/>
    protected override IReadOnlyList<string> InertKeys => ["net_structure_type", "num_memory_blocks", "down_scale_factor", "gap_size", "layers_to_keep"];

    /// <inheritdoc/>
    public override IReadOnlyList<WeightRule> Weights(ModelConfig config)
    {
        ArgumentNullException.ThrowIfNull(config);
        var owners = Enumerable.Range(0, config.NLayers).Where(i => config.Blocks[i].WeightsOf is null);
        return
        [
            .. BertTensors.Embeddings("albert."),
            new("embed.W_proj", "albert.encoder.embedding_hidden_mapping_in.weight", "d_model d_embed -> d_embed d_model"),
            new("embed.b_proj", "albert.encoder.embedding_hidden_mapping_in.bias"),
            .. owners.SelectMany((layer, group) => Group($"albert.encoder.albert_layer_groups.{group}.albert_layers.0.").Select(r => r with { Ours = r.Ours.Replace("{i}", layer.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal) })),
            .. BertTensors.Head("predictions.dense", "predictions.LayerNorm", "predictions.decoder", "predictions.bias"),
        ];
    }

    /// <inheritdoc/>
    protected override ModelConfig Read(HubConfig hub)
    {
        ArgumentNullException.ThrowIfNull(hub);
        hub.Require("inner_group_num", "1");
        EncoderShape shape = new(hub);
        var (groups, block) = (hub.Size("num_hidden_groups", 1), shape.Block());
        int First(int layer) => Enumerable.Range(0, layer + 1).First(i => i * groups / shape.Layers == layer * groups / shape.Layers);
        return EncoderShape.Bare(hub, shape.Model(Ids[0], hub.Activation("hidden_act", "gelu_new")) with
        {
            DEmbed = hub.Size("embedding_size", 128),
            Blocks = [.. Enumerable.Range(0, shape.Layers).Select(i => First(i) == i ? block : block with { WeightsOf = First(i) })],
        });
    }

    private static IEnumerable<WeightRule> Group(string theirs) =>
    [
        .. BertTensors.Heads("Q", $"{theirs}attention.query"),
        .. BertTensors.Heads("K", $"{theirs}attention.key"),
        .. BertTensors.Heads("V", $"{theirs}attention.value"),
        .. DecoderTensors.Output($"{theirs}attention.dense", bias: true),
        .. DecoderTensors.Norm("blocks.{i}.ln1", $"{theirs}attention.LayerNorm"),
        .. DecoderTensors.PlainMlp($"{theirs}ffn", $"{theirs}ffn_output", bias: true),
        .. DecoderTensors.Norm("blocks.{i}.ln2", $"{theirs}full_layer_layer_norm"),
    ];
}
