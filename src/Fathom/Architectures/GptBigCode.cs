using Fathom.Configuration;

namespace Fathom.Architectures;

/// <summary>GPT-BigCode (StarCoder, SantaCoder): GPT-2 with one key head for all queries and linear layers stored output first.</summary>
/// <remarks>Source: Ben Allal et al. 2023 (arXiv:2301.03988); Li et al. 2023 (arXiv:2305.06161).</remarks>
public sealed class GptBigCode : Architecture
{
    private const string Layer = "transformer.h.{i}.";

    /// <inheritdoc/>
    public override IReadOnlyList<string> Ids => ["GPTBigCodeForCausalLM", "GPTBigCodeModel"];

    /// <inheritdoc/>
    public override string Family => "GPT-BigCode";

    /// <inheritdoc/>
    public override string BasePrefix => "transformer.";

    /// <inheritdoc/>
    public override IReadOnlyList<string> StaleTensors => [".attn.bias", ".attn.masked_bias"];

    /// <inheritdoc/>
    protected override IReadOnlyList<string> InertKeys =>
    [
        "attention_softmax_in_fp32", "scale_attention_softmax_in_fp32", "inference_runner", "max_batch_size", "max_sequence_length", "n_ctx",
        "num_key_value_heads", "pad_key_length", "pre_allocate_kv_cache", "validate_runner_input",
    ];

    /// <inheritdoc/>
    public override IReadOnlyList<WeightRule> Weights(ModelConfig config) =>
    [
        new("embed.W_E", "transformer.wte.weight"),
        new("pos_embed.W_pos", "transformer.wpe.weight"),
        .. DecoderTensors.Norm("ln_final", "transformer.ln_f"),
        DecoderTensors.Unembed(),
        .. DecoderTensors.Norm("blocks.{i}.ln1", $"{Layer}ln_1"),
        .. DecoderTensors.FusedByGroup($"{Layer}attn.c_attn", bias: true),
        .. DecoderTensors.Output($"{Layer}attn.c_proj", bias: true),
        .. DecoderTensors.Norm("blocks.{i}.ln2", $"{Layer}ln_2"),
        .. DecoderTensors.PlainMlp($"{Layer}mlp.c_fc", $"{Layer}mlp.c_proj", bias: true),
    ];

    /// <inheritdoc/>
    protected override ModelConfig Read(HubConfig hub)
    {
        ArgumentNullException.ThrowIfNull(hub);
        var (width, heads) = (hub.Size("n_embd"), hub.Size("n_head"));
        LayerNormConfig norm = new(hub.Number("layer_norm_epsilon", 1e-5));
        BlockConfig block = new()
        {
            Ln1 = norm,
            Mixer = new AttentionConfig
            {
                NHeads = heads,
                NKeyValueHeads = hub.Flag("multi_query", true) ? 1 : heads,
                DHead = width / heads,
                Scale = hub.Flag("scale_attn_weights", true) ? 1 / Math.Sqrt(width / heads) : 1,
                QkvBias = true,
                OutputBias = true,
            },
            Ln2 = norm,
            Mlp = new PlainMlpConfig(hub.Size("n_inner", 4 * width), hub.Activation("activation_function", "gelu_pytorch_tanh"), Bias: true),
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
