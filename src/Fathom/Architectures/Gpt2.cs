using Fathom.Configuration;

namespace Fathom.Architectures;

/// <summary>GPT-2 and its kin: sequential blocks, learned positions, Conv1D weights (input axis first), tied unembedding.</summary>
/// <remarks>Source: Radford et al. 2019, "Language Models are Unsupervised Multitask Learners".</remarks>
public sealed class Gpt2 : Architecture
{
    /// <inheritdoc/>
    public override IReadOnlyList<string> Ids => ["GPT2LMHeadModel", "GPT2Model"];

    /// <inheritdoc/>
    public override string Family => "GPT-2";

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
        new("blocks.{i}.ln1.w", "transformer.h.{i}.ln_1.weight"),
        new("blocks.{i}.ln1.b", "transformer.h.{i}.ln_1.bias"),
        new("blocks.{i}.attn.W_Q, blocks.{i}.attn.W_K, blocks.{i}.attn.W_V", "transformer.h.{i}.attn.c_attn.weight", "d_model (qkv head d_head) -> qkv head d_model d_head"),
        new("blocks.{i}.attn.b_Q, blocks.{i}.attn.b_K, blocks.{i}.attn.b_V", "transformer.h.{i}.attn.c_attn.bias", "(qkv head d_head) -> qkv head d_head"),
        new("blocks.{i}.attn.W_O", "transformer.h.{i}.attn.c_proj.weight", "(head d_head) d_model -> head d_head d_model"),
        new("blocks.{i}.attn.b_O", "transformer.h.{i}.attn.c_proj.bias"),
        new("blocks.{i}.ln2.w", "transformer.h.{i}.ln_2.weight"),
        new("blocks.{i}.ln2.b", "transformer.h.{i}.ln_2.bias"),
        new("blocks.{i}.mlp.W_in", "transformer.h.{i}.mlp.c_fc.weight"),
        new("blocks.{i}.mlp.b_in", "transformer.h.{i}.mlp.c_fc.bias"),
        new("blocks.{i}.mlp.W_out", "transformer.h.{i}.mlp.c_proj.weight"),
        new("blocks.{i}.mlp.b_out", "transformer.h.{i}.mlp.c_proj.bias"),
        new("ln_final.w", "transformer.ln_f.weight"),
        new("ln_final.b", "transformer.ln_f.bias"),
        new("unembed.W_U", "lm_head.weight", "d_vocab d_model -> d_model d_vocab"),
    ];

    /// <inheritdoc/>
    protected override ModelConfig Read(HubConfig hub)
    {
        ArgumentNullException.ThrowIfNull(hub);
        var (width, heads) = (hub.Size("n_embd"), hub.Size("n_head"));
        if (width % heads != 0)
        {
            throw new ConfigException(hub.Source, ["n_embd", "n_head"], $"n_embd {width} is not a multiple of n_head {heads}.");
        }

        LayerNormConfig norm = new(hub.Number("layer_norm_epsilon", 1e-5));
        var scale = hub.Flag("scale_attn_weights", true) ? 1 / Math.Sqrt(width / heads) : 1;
        var byLayer = hub.Flag("scale_attn_by_inverse_layer_idx", false);
        PlainMlpConfig mlp = new(hub.Size("n_inner", 4 * width), hub.Activation("activation_function", "gelu_new"), Bias: true);
        return new()
        {
            Architecture = Ids[0],
            DModel = width,
            DVocab = hub.Size("vocab_size"),
            NCtx = hub.Size("n_positions", hub.Count("n_ctx", 1024)),
            Positions = new LearnedPositions(),
            FinalNorm = norm,
            TiedEmbeddings = hub.Flag("tie_word_embeddings", true),
            Blocks = [.. Enumerable.Range(0, hub.Size("n_layer")).Select(i => new BlockConfig
            {
                Ln1 = norm,
                Mixer = new AttentionConfig
                {
                    NHeads = heads,
                    NKeyValueHeads = heads,
                    DHead = width / heads,
                    Scale = byLayer ? scale / (i + 1) : scale,
                    QkvBias = true,
                    OutputBias = true,
                },
                Ln2 = norm,
                Mlp = mlp,
            })],
        };
    }
}
