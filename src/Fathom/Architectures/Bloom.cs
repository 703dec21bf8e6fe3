using Fathom.Configuration;

namespace Fathom.Architectures;

/// <summary>BLOOM: no position vectors but a linear bias on scores, a norm right after the embedding, queries, keys and values fused per head.</summary>
/// <remarks>Source: BigScience Workshop 2022 (arXiv:2211.05100).</remarks>
public sealed class Bloom : Architecture
{
    private const string Layer = "transformer.h.{i}.";

    /// <inheritdoc/>
    public override IReadOnlyList<string> Ids => ["BloomForCausalLM", "BloomModel"];

    /// <inheritdoc/>
    public override string Family => "BLOOM";

    /// <inheritdoc/>
    public override string BasePrefix => "transformer.";

    /// <inheritdoc/>
    public override bool PrependBos => false;

    /// <inheritdoc/>
    protected override IReadOnlyList<string> InertKeys =>
        ["attention_softmax_in_fp32", "bias_dropout_fusion", "masked_softmax_fusion", "offset_alibi", "skip_bias_add", "skip_bias_add_qkv", "slow_but_exact"];

    /// <inheritdoc/>
    public override IReadOnlyList<WeightRule> Weights(ModelConfig config) =>
    [
        new("embed.W_E", "transformer.word_embeddings.weight"),
        .. DecoderTensors.Norm("embed.ln", "transformer.word_embeddings_layernorm"),
        .. DecoderTensors.Norm("ln_final", "transformer.ln_f"),
        DecoderTensors.Unembed(),
        .. DecoderTensors.Norm("blocks.{i}.ln1", $"{Layer}input_layernorm"),
        .. DecoderTensors.FusedByHead($"{Layer}self_attention.query_key_value", bias: true),
        .. DecoderTensors.Output($"{Layer}self_attention.dense", bias: true),
        .. DecoderTensors.Norm("blocks.{i}.ln2", $"{Layer}post_attention_layernorm"),
        .. DecoderTensors.PlainMlp($"{Layer}mlp.dense_h_to_4h", $"{Layer}mlp.dense_4h_to_h", bias: true),
    ];

    /// <inheritdoc/>
    protected override ModelConfig Read(HubConfig hub)
    {
        ArgumentNullException.ThrowIfNull(hub);
        hub.Require("apply_residual_connection_post_layernorm", "false");
        var width = hub.Has("n_embed") ? hub.Size("n_embed") : hub.Size("hidden_size");
        var heads = hub.Has("n_head") ? hub.Size("n_head") : hub.Size("num_attention_heads");
        hub.Require("n_inner", (4 * width).ToString(System.Globalization.CultureInfo.InvariantCulture));
        LayerNormConfig norm = new(hub.Number("layer_norm_epsilon", 1e-5));
        BlockConfig block = new()
        {
            Ln1 = norm,
            Mixer = new AttentionConfig
            {
                NHeads = heads,
                NKeyValueHeads = heads,
                DHead = width / heads,
                Scale = 1 / Math.Sqrt(width / heads),
                QkvBias = true,
                OutputBias = true,
                ScoreBias = new AlibiConfig(AlibiSlopes.Bloom(heads)),
            },
            Ln2 = norm,
            Mlp = new PlainMlpConfig(4 * width, Activation.GeluTanh, Bias: true),
        };
        return new()
        {
            Architecture = Ids[0],
            DModel = width,
            DVocab = hub.Size("vocab_size"),
            NCtx = hub.Size("seq_length", 2048),
            EmbedNorm = norm,
            FinalNorm = norm,
            TiedEmbeddings = hub.Flag("tie_word_embeddings", true),
            Blocks = [.. Enumerable.Repeat(block, hub.Has("n_layer") ? hub.Size("n_layer") : hub.Size("num_hidden_layers"))],
        };
    }
}
