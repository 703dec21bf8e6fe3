using Fathom.Configuration;

namespace Fathom.Architectures;

/// <summary>DeBERTa 2 and 3: BERT whose positions enter attention only, as vectors of distances that queries and keys meet.</summary>
/// <remarks>Source: He et al. 2020 (arXiv:2006.03654), He et al. 2021 (arXiv:2111.09543).</remarks>
public sealed class DebertaV2 : Architecture
{
    /// <inheritdoc/>
    public override IReadOnlyList<string> Ids => ["DebertaV2ForMaskedLM", "DebertaV2Model"];

    /// <inheritdoc/>
    public override string Family => "DeBERTa 2";

    /// <inheritdoc/>
    public override ModelKind Kind => ModelKind.Encoder;

    /// <inheritdoc/>
    public override string BasePrefix => "deberta.";

    /// <inheritdoc/>
    public override IReadOnlyList<string> StaleTensors => ["embeddings.position_ids", "cls.predictions.decoder.bias", "pooler.dense.weight", "pooler.dense.bias"];

    /// <inheritdoc/>
    protected override IReadOnlyList<string> InertKeys => ["pooler_dropout", "pooler_hidden_act", "pooler_hidden_size", "padding_idx"];

    /// <inheritdoc/>
    public override IReadOnlyList<WeightRule> Weights(ModelConfig config) =>
    [
        .. BertTensors.Embeddings("deberta."),
        new("rel_embed.W_rel", "deberta.encoder.rel_embeddings.weight"),
        .. DecoderTensors.Norm("rel_embed.ln", "deberta.encoder.LayerNorm"),
        .. BertTensors.Layers("deberta.", "_proj"),
        .. BertTensors.Head("cls.predictions.transform.dense", "cls.predictions.transform.LayerNorm", "cls.predictions.decoder", "cls.predictions.bias"),
    ];

    /// <inheritdoc/>
    protected override ModelConfig Read(HubConfig hub)
    {
        ArgumentNullException.ThrowIfNull(hub);
        hub.Require("legacy", "true");
        EncoderShape shape = new(hub, Epsilon: 1e-7);
        hub.Require("embedding_size", $"{shape.Width}");
        hub.Require("attention_head_size", $"{shape.Width / shape.Heads}");
        var types = hub.Count("type_vocab_size", 0);
        var context = hub.Size("max_position_embeddings", 512);
        var span = hub.Size("position_buckets");
        var distance = hub.Count("max_relative_positions", -1);
        if (!hub.Flag("relative_attention", false) || !hub.Flag("share_att_key", false) || hub.Text("norm_rel_ebd", "none") != "layer_norm" || !Kinds(hub).Order().SequenceEqual(["c2p", "p2c"]))
        {
            throw new ConfigException(hub.Source, ["relative_attention", "share_att_key", "norm_rel_ebd", "pos_att_type"], "only the attention of the released DeBERTa 2 and 3 is implemented: relative_attention and share_att_key true, norm_rel_ebd \"layer_norm\", pos_att_type with p2c and c2p.");
        }

        distance = distance < 1 ? context : distance;
        if (span < 4 || distance <= span / 2 + 1)
        {
            throw new ConfigException(hub.Source, ["position_buckets", "max_relative_positions"], $"position_buckets {span} and distances up to {distance} leave no logarithmic buckets: at least 4 are needed, and distances beyond {(span / 2) + 1}.");
        }

        // Three products are summed, so the scale counts three times the width of a head.
        var block = shape.Block();
        var attention = (AttentionConfig)block.Mixer;
        block = block with { Mixer = attention with { Scale = 1 / Math.Sqrt(3.0 * attention.DHead), Disentangled = new(span, distance) } };
        return EncoderShape.Bare(hub, new()
        {
            Architecture = Ids[0],
            DModel = shape.Width,
            DVocab = hub.Size("vocab_size"),
            NCtx = context,
            Positions = hub.Flag("position_biased_input", true) ? new LearnedPositions() : null,
            TokenTypes = types > 0 ? types : null,
            RelativeEmbed = new(2 * span, shape.Norm),
            EmbedNorm = shape.Norm,
            Head = new(hub.Activation("hidden_act", "gelu"), shape.Norm, Bias: true),
            TiedEmbeddings = hub.Flag("tie_word_embeddings", true),
            UnembedBias = true,
            Blocks = [.. Enumerable.Repeat(block, shape.Layers)],
        });
    }

    /// <summary>The kinds of terms, which files hold as a list or joined by a bar.</summary>
    private static IEnumerable<string> Kinds(HubConfig hub) => hub.Raw("pos_att_type") is { ValueKind: System.Text.Json.JsonValueKind.String } joined ? joined.GetString()!.Split('|') : hub.Texts("pos_att_type") ?? [];
}
