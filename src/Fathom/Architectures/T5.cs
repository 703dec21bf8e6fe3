using Fathom.Configuration;

namespace Fathom.Architectures;

/// <summary>T5, T5 1.1, Flan-T5 and mT5: relative position biases, no score scale, root-mean-square norms; from 1.1 on gated MLPs and an unembedding of its own.</summary>
/// <remarks>Source: Raffel et al. 2019 (arXiv:1910.10683); Shazeer 2020 (arXiv:2002.05202) for 1.1; Xue et al. 2020 (arXiv:2010.11934) for mT5.</remarks>
public sealed class T5 : Architecture
{
    /// <inheritdoc/>
    public override IReadOnlyList<string> Ids => ["T5ForConditionalGeneration", "T5WithLMHeadModel", "MT5ForConditionalGeneration"];

    /// <inheritdoc/>
    public override string Family => "T5";

    /// <inheritdoc/>
    public override ModelKind Kind => ModelKind.EncoderDecoder;

    /// <inheritdoc/>
    public override IReadOnlyList<string> StaleTensors => ["EncDecAttention.relative_attention_bias.weight"];

    /// <inheritdoc/>
    public override IReadOnlyList<string> EmbeddingCopies => ["encoder.embed_tokens.weight", "decoder.embed_tokens.weight"];

    /// <inheritdoc/>
    protected override IReadOnlyList<string> InertKeys => ["output_past", "dense_act_fn", "is_gated_act"];

    /// <inheritdoc/>
    public override IReadOnlyList<WeightRule> Weights(ModelConfig config) =>
    [
        new("embed.W_E", "shared.weight") { Otherwise = EmbeddingCopies },
        DecoderTensors.Unembed(),
        .. Stack("encoder", mlp: 1),
        .. Stack("decoder", mlp: 2),
        .. StackTensors.Attention("decoder.{i}.cross_attn", "decoder.block.{i}.layer.1.EncDecAttention.", ("q", "k", "v", "o"), bias: false),
        new("decoder.{i}.ln3.w", "decoder.block.{i}.layer.2.layer_norm.weight"),
    ];

    /// <inheritdoc/>
    protected override ModelConfig Read(HubConfig hub)
    {
        ArgumentNullException.ThrowIfNull(hub);
        var (width, layers, kind) = (hub.Size("d_model"), hub.Size("num_layers"), hub.Text("feed_forward_proj", "relu"));
        var (heads, head, buckets, distance) = (hub.Size("num_heads"), hub.Size("d_kv"), hub.Size("relative_attention_num_buckets", 32), hub.Size("relative_attention_max_distance", 128));
        if (buckets < 4 || distance <= buckets / 2)
        {
            throw new ConfigException(hub.Source, ["relative_attention_num_buckets", "relative_attention_max_distance"], $"'relative_attention_num_buckets' is {buckets} and 'relative_attention_max_distance' is {distance}; there are at least 4 buckets, and half of them hold one distance each, so that the largest is more than {buckets / 2}.");
        }

        var tied = hub.Flag("tie_word_embeddings", true);
        RmsNormConfig norm = new(hub.Number("layer_norm_epsilon", 1e-6));
        MlpConfig mlp = kind switch
        {
            "relu" => new PlainMlpConfig(hub.Size("d_ff"), Activation.Relu, Bias: false),
            "gated-gelu" => new GatedMlpConfig(hub.Size("d_ff"), Activation.GeluTanh),
            "gated-silu" => new GatedMlpConfig(hub.Size("d_ff"), Activation.Silu),
            _ => throw new ConfigException(hub.Source, ["feed_forward_proj"], $"'feed_forward_proj' is '{kind}'; relu, gated-gelu and gated-silu are implemented for this family."),
        };
        AttentionConfig Attention(int layer, bool causal) => new()
        {
            NHeads = heads, NKeyValueHeads = heads, DHead = head, Scale = 1, Causal = causal,
            ScoreBias = new RelativeBiasConfig(buckets, distance, Bidirectional: !causal, OwnsTable: layer == 0),
        };
        return new()
        {
            Architecture = Ids[0],
            DModel = width,
            DVocab = hub.Size("vocab_size"),
            NCtx = hub.Size("n_positions", 512),
            Encoder = new() { Blocks = [.. Enumerable.Range(0, layers).Select(i => new BlockConfig { Ln1 = norm, Mixer = Attention(i, causal: false), Ln2 = norm, Mlp = mlp })], FinalNorm = norm },
            Blocks =
            [
                .. Enumerable.Range(0, hub.Size("num_decoder_layers", layers)).Select(i => new BlockConfig
                {
                    Ln1 = norm, Mixer = Attention(i, causal: true), Ln2 = norm, CrossAttention = new(heads, head, Scale: 1), Ln3 = norm, Mlp = mlp,
                }),
            ],
            FinalNorm = norm,

            // Older files say with tie_word_embeddings whether the decoder's output is scaled; their unembedding, where it differs, is in the file.
            OutputScale = hub.Flag("scale_decoder_outputs", tied) ? 1 / Math.Sqrt(width) : 1,
            TiedEmbeddings = tied,
            DecoderStartToken = hub.Token("decoder_start_token_id") ?? hub.Token("pad_token_id") ?? 0,
            ForcedFirstToken = hub.Token("forced_bos_token_id"),
            ForcedLastToken = hub.Token("forced_eos_token_id"),
        };
    }

    private static IEnumerable<WeightRule> Stack(string stack, int mlp)
    {
        var block = $"{stack}.block.{{i}}.layer.";
        return
        [
            new($"{stack}_final_ln.w", $"{stack}.final_layer_norm.weight"),
            new($"{stack}.{{i}}.ln1.w", $"{block}0.layer_norm.weight"),
            .. StackTensors.Attention($"{stack}.{{i}}.attn", $"{block}0.SelfAttention.", ("q", "k", "v", "o"), bias: false),
            new($"{stack}.0.attn.rel_pos_bias.weight", $"{stack}.block.0.layer.0.SelfAttention.relative_attention_bias.weight"),
            new($"{stack}.{{i}}.ln2.w", $"{block}1.layer_norm.weight"),
            StackTensors.Reading($"{stack}.{{i}}.mlp.W_in", $"{block}{mlp}.DenseReluDense.wi.weight") with { Otherwise = [$"{block}{mlp}.DenseReluDense.wi_1.weight"] },
            StackTensors.Reading($"{stack}.{{i}}.mlp.W_gate", $"{block}{mlp}.DenseReluDense.wi_0.weight"),
            StackTensors.Writing($"{stack}.{{i}}.mlp.W_out", $"{block}{mlp}.DenseReluDense.wo.weight"),
        ];
    }
}
