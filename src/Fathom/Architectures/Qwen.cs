using Fathom.Configuration;

namespace Fathom.Architectures;

/// <summary>The first Qwen: Llama's parts with all heads' keys, queries, keys and values in one biased tensor, and an MLP whose second projection is the gate.</summary>
/// <remarks>
/// The context ends where the reference starts to stretch frequencies and queries (<c>use_dynamic_ntk</c>, <c>use_logn_attn</c>): within <c>seq_length</c> neither changes anything, longer prompts are refused.
/// Source: Bai et al. 2023 (arXiv:2309.16609).
/// </remarks>
public sealed class Qwen : Architecture
{
    private const string Layer = "transformer.h.{i}.";

    /// <inheritdoc/>
    public override IReadOnlyList<string> Ids => ["QWenLMHeadModel"];

    /// <inheritdoc/>
    public override string Family => "Qwen";

    /// <inheritdoc/>
    public override string BasePrefix => "transformer.";

    /// <inheritdoc/>
    public override bool PrependBos => false;

    /// <inheritdoc/>
    public override IReadOnlyList<string> StaleTensors => ["rotary_emb.inv_freq", ".attn.masked_bias"];

    /// <inheritdoc/>
    protected override IReadOnlyList<string> InertKeys =>
    [
        "attn_dropout_prob", "emb_dropout_prob", "bf16", "fp16", "fp32", "onnx_safe", "use_flash_attn", "max_position_embeddings",
        "softmax_in_fp32", "use_cache_quantization", "use_cache_kernel",
    ];

    /// <inheritdoc/>
    public override IReadOnlyList<WeightRule> Weights(ModelConfig config) =>
    [
        new("embed.W_E", "transformer.wte.weight"),
        new("blocks.{i}.ln1.w", $"{Layer}ln_1.weight"),
        new("blocks.{i}.attn.W_Q, blocks.{i}.attn.W_K, blocks.{i}.attn.W_V", $"{Layer}attn.c_attn.weight", "(qkv head d_head) d_model -> qkv head d_model d_head"),
        new("blocks.{i}.attn.b_Q, blocks.{i}.attn.b_K, blocks.{i}.attn.b_V", $"{Layer}attn.c_attn.bias", "(qkv head d_head) -> qkv head d_head"),
        .. DecoderTensors.Output($"{Layer}attn.c_proj", bias: false),
        new("blocks.{i}.ln2.w", $"{Layer}ln_2.weight"),
        new("blocks.{i}.mlp.W_in", $"{Layer}mlp.w1.weight", "d_mlp d_model -> d_model d_mlp"),
        new("blocks.{i}.mlp.W_gate", $"{Layer}mlp.w2.weight", "d_mlp d_model -> d_model d_mlp"),
        new("blocks.{i}.mlp.W_out", $"{Layer}mlp.c_proj.weight", "d_model d_mlp -> d_mlp d_model"),
        new("ln_final.w", "transformer.ln_f.weight"),
        DecoderTensors.Unembed(),
    ];

    /// <inheritdoc/>
    protected override ModelConfig Read(HubConfig hub)
    {
        ArgumentNullException.ThrowIfNull(hub);
        hub.Require("no_bias", "true");
        hub.Require("rotary_pct", "1.0");
        var (width, heads) = (hub.Size("hidden_size"), hub.Size("num_attention_heads"));
        var head = hub.Size("kv_channels", width / heads);
        RmsNormConfig norm = new(hub.Number("layer_norm_epsilon", 1e-6));
        BlockConfig block = new()
        {
            Ln1 = norm,
            Mixer = new AttentionConfig
            {
                NHeads = heads,
                NKeyValueHeads = heads,
                DHead = head,
                Scale = hub.Flag("scale_attn_weights", true) ? 1 / Math.Sqrt(head) : 1,
                QkvBias = true,
                Rotary = new() { Dim = head, Theta = hub.Number("rotary_emb_base", 10000) },
            },
            Ln2 = norm,
            Mlp = new GatedMlpConfig(hub.Size("intermediate_size") / 2, Activation.Silu),
        };
        return new()
        {
            Architecture = Ids[0],
            DModel = width,
            DVocab = hub.Size("vocab_size"),
            NCtx = hub.Size("seq_length"),
            EndsAtContext = hub.Flag("use_dynamic_ntk", true) | hub.Flag("use_logn_attn", true),
            FinalNorm = norm,
            TiedEmbeddings = hub.Flag("tie_word_embeddings", false),
            Blocks = [.. Enumerable.Repeat(block, hub.Size("num_hidden_layers"))],
        };
    }
}
