using Fathom.Configuration;

namespace Fathom.Architectures;

/// <summary>What GPT-J and CodeGen share: everything but how queries, keys and values are stored.</summary>
public abstract class GptJLike : Architecture
{
    private protected const string Layer = "transformer.h.{i}.";

    /// <inheritdoc/>
    public override string BasePrefix => "transformer.";

    /// <inheritdoc/>
    public override IReadOnlyList<string> StaleTensors => [".attn.bias", ".attn.masked_bias", ".attn.causal_mask", ".attn.embed_positions"];

    /// <inheritdoc/>
    protected override IReadOnlyList<string> InertKeys => ["n_ctx"];

    /// <summary>The rows of queries, keys and values.</summary>
    private protected abstract IEnumerable<WeightRule> Projections { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<WeightRule> Weights(ModelConfig config) =>
    [
        new("embed.W_E", "transformer.wte.weight"),
        .. DecoderTensors.Norm("ln_final", "transformer.ln_f"),
        DecoderTensors.Unembed(),
        new("unembed.b_U", "lm_head.bias"),
        .. DecoderTensors.Norm("blocks.{i}.ln1", $"{Layer}ln_1"),
        .. Projections,
        .. DecoderTensors.Output($"{Layer}attn.out_proj", bias: false),
        .. DecoderTensors.PlainMlp($"{Layer}mlp.fc_in", $"{Layer}mlp.fc_out", bias: true),
    ];

    /// <inheritdoc/>
    protected override ModelConfig Read(HubConfig hub)
    {
        ArgumentNullException.ThrowIfNull(hub);
        hub.Require("rotary", "true");
        hub.Require("scale_attn_weights", "true");
        var (width, heads, turning) = (hub.Size("n_embd"), hub.Size("n_head"), hub.Size("rotary_dim"));
        if (width % heads != 0 || turning > width / heads || turning % 2 != 0)
        {
            throw new ConfigException(hub.Source, ["n_embd", "n_head", "rotary_dim"], $"n_embd {width}, n_head {heads} and rotary_dim {turning} do not fit: heads divide the width, and an even number of lanes of a head turns.");
        }

        LayerNormConfig norm = new(hub.Number("layer_norm_epsilon", 1e-5));
        BlockConfig block = new()
        {
            Layout = BlockLayout.Parallel,
            Ln1 = norm,
            Mixer = new AttentionConfig
            {
                NHeads = heads,
                NKeyValueHeads = heads,
                DHead = width / heads,
                Scale = 1 / Math.Sqrt(width / heads),
                Rotary = new() { Dim = turning, Theta = 10000, AdjacentPairs = true },
            },
            Mlp = new PlainMlpConfig(hub.Size("n_inner", 4 * width), hub.Activation("activation_function", "gelu_new"), Bias: true),
        };
        return new()
        {
            Architecture = Ids[0],
            DModel = width,
            DVocab = hub.Size("vocab_size"),
            NCtx = hub.Size("n_positions", 2048),
            FinalNorm = norm,
            TiedEmbeddings = hub.Flag("tie_word_embeddings", false),
            UnembedBias = true,
            Blocks = [.. Enumerable.Repeat(block, hub.Size("n_layer"))],
        };
    }
}
