using Fathom.Configuration;

namespace Fathom.Architectures;

/// <summary>SantaCoder as first published: GPT-BigCode's model with GPT-2's layout, queries apart from the one key and value.</summary>
/// <remarks>Source: Ben Allal et al. 2023 (arXiv:2301.03988).</remarks>
public sealed class SantaCoder : Architecture
{
    private const string Layer = "transformer.h.{i}.";

    /// <inheritdoc/>
    public override IReadOnlyList<string> Ids => ["GPT2LMHeadCustomModel"];

    /// <inheritdoc/>
    public override string Family => "SantaCoder";

    /// <inheritdoc/>
    public override string BasePrefix => "transformer.";

    /// <inheritdoc/>
    public override IReadOnlyList<string> StaleTensors => [".attn.bias", ".attn.masked_bias"];

    /// <inheritdoc/>
    protected override IReadOnlyList<string> InertKeys => ["n_ctx"];

    /// <inheritdoc/>
    public override IReadOnlyList<WeightRule> Weights(ModelConfig config) =>
    [
        new("embed.W_E", "transformer.wte.weight"),
        new("pos_embed.W_pos", "transformer.wpe.weight"),
        .. DecoderTensors.Norm("blocks.{i}.ln1", $"{Layer}ln_1"),
        new("blocks.{i}.attn.W_Q", $"{Layer}attn.q_attn.weight", "d_model (head d_head) -> head d_model d_head"),
        new("blocks.{i}.attn.b_Q", $"{Layer}attn.q_attn.bias", "(head d_head) -> head d_head"),
        new("blocks.{i}.attn.W_K, blocks.{i}.attn.W_V", $"{Layer}attn.kv_attn.weight", "d_model (kv kv_head d_head) -> kv kv_head d_model d_head"),
        new("blocks.{i}.attn.b_K, blocks.{i}.attn.b_V", $"{Layer}attn.kv_attn.bias", "(kv kv_head d_head) -> kv kv_head d_head"),
        new("blocks.{i}.attn.W_O", $"{Layer}attn.c_proj.weight", "(head d_head) d_model -> head d_head d_model"),
        new("blocks.{i}.attn.b_O", $"{Layer}attn.c_proj.bias"),
        .. DecoderTensors.Norm("blocks.{i}.ln2", $"{Layer}ln_2"),
        new("blocks.{i}.mlp.W_in", $"{Layer}mlp.c_fc.weight"),
        new("blocks.{i}.mlp.b_in", $"{Layer}mlp.c_fc.bias"),
        new("blocks.{i}.mlp.W_out", $"{Layer}mlp.c_proj.weight"),
        new("blocks.{i}.mlp.b_out", $"{Layer}mlp.c_proj.bias"),
        .. DecoderTensors.Norm("ln_final", "transformer.ln_f"),
        DecoderTensors.Unembed(),
    ];

    /// <inheritdoc/>
    protected override ModelConfig Read(HubConfig hub)
    {
        ArgumentNullException.ThrowIfNull(hub);
        hub.Require("attention_head_type", "\"multiquery\"");
        hub.Require("scale_attn_by_inverse_layer_idx", "false");
        var (width, heads) = (hub.Size("n_embd"), hub.Size("n_head"));
        LayerNormConfig norm = new(hub.Number("layer_norm_epsilon", 1e-5));
        BlockConfig block = new()
        {
            Ln1 = norm,
            Mixer = new AttentionConfig { NHeads = heads, NKeyValueHeads = 1, DHead = width / heads, Scale = hub.Flag("scale_attn_weights", true) ? 1 / Math.Sqrt(width / heads) : 1, QkvBias = true, OutputBias = true },
            Ln2 = norm,
            Mlp = new PlainMlpConfig(hub.Size("n_inner", 4 * width), hub.Activation("activation_function", "gelu_new"), Bias: true),
        };
        return new()
        {
            Architecture = Ids[0],
            DModel = width,
            DVocab = hub.Size("vocab_size"),
            NCtx = hub.Size("n_positions", 1024),
            Positions = new LearnedPositions(),
            FinalNorm = norm,
            TiedEmbeddings = hub.Flag("tie_word_embeddings", true),
            Blocks = [.. Enumerable.Repeat(block, hub.Size("n_layer"))],
        };
    }
}
