using Fathom.Configuration;

namespace Fathom.Architectures;

/// <summary>The first GPT: norms on the stream after each sublayer, no final norm, Conv1D weights (input axis first).</summary>
/// <remarks>Source: Radford et al. 2018, "Improving Language Understanding by Generative Pre-Training".</remarks>
public sealed class OpenAiGpt : Architecture
{
    private const string Layer = "transformer.h.{i}.";

    /// <inheritdoc/>
    public override IReadOnlyList<string> Ids => ["OpenAIGPTLMHeadModel", "OpenAIGPTModel"];

    /// <inheritdoc/>
    public override string Family => "OpenAI GPT";

    /// <inheritdoc/>
    public override string BasePrefix => "transformer.";

    /// <inheritdoc/>
    public override bool PrependBos => false;

    /// <inheritdoc/>
    public override IReadOnlyList<string> StaleTensors => [".attn.bias", "position_ids"];

    /// <inheritdoc/>
    protected override IReadOnlyList<string> InertKeys => ["n_ctx", "n_special", "predict_special_tokens"];

    /// <inheritdoc/>
    public override IReadOnlyList<WeightRule> Weights(ModelConfig config) =>
    [
        new("embed.W_E", "transformer.tokens_embed.weight"),
        new("pos_embed.W_pos", "transformer.positions_embed.weight"),
        DecoderTensors.Unembed(),
        new("blocks.{i}.attn.W_Q, blocks.{i}.attn.W_K, blocks.{i}.attn.W_V", $"{Layer}attn.c_attn.weight", "d_model (qkv head d_head) -> qkv head d_model d_head"),
        new("blocks.{i}.attn.b_Q, blocks.{i}.attn.b_K, blocks.{i}.attn.b_V", $"{Layer}attn.c_attn.bias", "(qkv head d_head) -> qkv head d_head"),
        new("blocks.{i}.attn.W_O", $"{Layer}attn.c_proj.weight", "(head d_head) d_model -> head d_head d_model"),
        new("blocks.{i}.attn.b_O", $"{Layer}attn.c_proj.bias"),
        .. DecoderTensors.Norm("blocks.{i}.ln1", $"{Layer}ln_1"),
        new("blocks.{i}.mlp.W_in", $"{Layer}mlp.c_fc.weight"),
        new("blocks.{i}.mlp.b_in", $"{Layer}mlp.c_fc.bias"),
        new("blocks.{i}.mlp.W_out", $"{Layer}mlp.c_proj.weight"),
        new("blocks.{i}.mlp.b_out", $"{Layer}mlp.c_proj.bias"),
        .. DecoderTensors.Norm("blocks.{i}.ln2", $"{Layer}ln_2"),
    ];

    /// <inheritdoc/>
    protected override ModelConfig Read(HubConfig hub)
    {
        ArgumentNullException.ThrowIfNull(hub);
        var (width, heads) = (hub.Size("n_embd"), hub.Size("n_head"));
        LayerNormConfig norm = new(hub.Number("layer_norm_epsilon", 1e-5));

        // "gelu" means the tanh form here: the family is older than the other one's name.
        var activation = hub.Text("afn", "gelu") == "gelu" ? Activation.GeluTanh : hub.Activation("afn");
        BlockConfig block = new()
        {
            Layout = BlockLayout.NormOnStream,
            Mixer = new AttentionConfig { NHeads = heads, NKeyValueHeads = heads, DHead = width / heads, Scale = 1 / Math.Sqrt(width / heads), QkvBias = true, OutputBias = true },
            Ln1 = norm,
            Mlp = new PlainMlpConfig(4 * width, activation, Bias: true),
            Ln2 = norm,
        };
        return new()
        {
            Architecture = Ids[0],
            DModel = width,
            DVocab = hub.Size("vocab_size"),
            NCtx = hub.Size("n_positions", 512),
            Positions = new LearnedPositions(),
            TiedEmbeddings = hub.Flag("tie_word_embeddings", true),
            Blocks = [.. Enumerable.Repeat(block, hub.Size("n_layer"))],
        };
    }
}
