using Fathom.Configuration;

namespace Fathom.Architectures;

/// <summary>MPT: a linear bias on scores, layer norms without bias, no biases anywhere.</summary>
/// <remarks>Source: MosaicML NLP Team 2023, "Introducing MPT-7B". Several keys of its configs are read by no implementation; those that would change the numbers must hold the value that is computed.</remarks>
public sealed class Mpt : Architecture
{
    private const string Layer = "transformer.blocks.{i}.";

    /// <inheritdoc/>
    public override IReadOnlyList<string> Ids => ["MptForCausalLM", "MPTForCausalLM", "MptModel"];

    /// <inheritdoc/>
    public override string Family => "MPT";

    /// <inheritdoc/>
    public override string BasePrefix => "transformer.";

    /// <inheritdoc/>
    protected override IReadOnlyList<string> InertKeys =>
        ["expansion_ratio", "norm_type", "learned_pos_emb", "emb_pdrop", "embedding_fraction", "init_config", "verbose", "attn_impl"];

    /// <inheritdoc/>
    public override IReadOnlyList<WeightRule> Weights(ModelConfig config) =>
    [
        new("embed.W_E", "transformer.wte.weight"),
        .. DecoderTensors.Norm("ln_final", "transformer.norm_f"),
        DecoderTensors.Unembed(),
        .. DecoderTensors.Norm("blocks.{i}.ln1", $"{Layer}norm_1"),
        new("blocks.{i}.attn.W_Q, blocks.{i}.attn.W_K, blocks.{i}.attn.W_V", $"{Layer}attn.Wqkv.weight", "(qkv head d_head) d_model -> qkv head d_model d_head"),
        .. DecoderTensors.Output($"{Layer}attn.out_proj", bias: false),
        .. DecoderTensors.Norm("blocks.{i}.ln2", $"{Layer}norm_2"),
        .. DecoderTensors.PlainMlp($"{Layer}ffn.up_proj", $"{Layer}ffn.down_proj", bias: false),
    ];

    /// <inheritdoc/>
    protected override ModelConfig Read(HubConfig hub)
    {
        ArgumentNullException.ThrowIfNull(hub);
        hub.Require("no_bias", "true");
        hub.Require("logit_scale", "null");
        var (width, heads) = (hub.Size("d_model"), hub.Size("n_heads"));
        var attention = hub.Section("attn_config");
        attention?.Require("alibi", "true");
        attention?.Require("alibi_bias_max", "8");
        attention?.Require("attn_type", "\"multihead_attention\"");
        attention?.Require("attn_uses_sequence_id", "false");
        attention?.Require("prefix_lm", "false");
        attention?.Require("qk_ln", "false");
        LayerNormConfig norm = new(hub.Number("layer_norm_epsilon", 1e-5), Bias: false);
        BlockConfig block = new()
        {
            Ln1 = norm,
            Mixer = new AttentionConfig
            {
                NHeads = heads,
                NKeyValueHeads = heads,
                DHead = width / heads,
                Scale = attention?.Optional("softmax_scale") ?? 1 / Math.Sqrt(width / heads),
                Clip = attention?.Optional("clip_qkv"),
                ScoreBias = new AlibiConfig(AlibiSlopes.Mpt(heads)),
            },
            Ln2 = norm,
            Mlp = new PlainMlpConfig(4 * width, Activation.Gelu, Bias: false),
        };
        return new()
        {
            Architecture = Ids[0],
            DModel = width,
            DVocab = hub.Size("vocab_size"),
            NCtx = hub.Size("max_seq_len", 2048),
            FinalNorm = norm,
            TiedEmbeddings = hub.Flag("tie_word_embeddings", true),
            Blocks = [.. Enumerable.Repeat(block, hub.Size("n_layers"))],
        };
    }
}
