using Fathom.Configuration;

namespace Fathom.Architectures;

/// <summary>XGLM: fixed sines and cosines as positions, word vectors times <c>√d_model</c>.</summary>
/// <remarks>Source: Lin et al. 2021 (arXiv:2112.10668).</remarks>
public sealed class Xglm : Architecture
{
    private const string Layer = "model.layers.{i}.";

    /// <inheritdoc/>
    public override IReadOnlyList<string> Ids => ["XGLMForCausalLM", "XGLMModel"];

    /// <inheritdoc/>
    public override string Family => "XGLM";

    /// <inheritdoc/>
    public override string BasePrefix => "model.";

    /// <inheritdoc/>
    public override IReadOnlyList<string> StaleTensors => ["embed_positions.weights"];

    /// <inheritdoc/>
    public override IReadOnlyList<WeightRule> Weights(ModelConfig config) =>
    [
        new("embed.W_E", "model.embed_tokens.weight"),
        .. DecoderTensors.Norm("ln_final", "model.layer_norm"),
        DecoderTensors.Unembed(),
        .. DecoderTensors.Norm("blocks.{i}.ln1", $"{Layer}self_attn_layer_norm"),
        .. DecoderTensors.Separate($"{Layer}self_attn.", bias: true),
        .. DecoderTensors.Output($"{Layer}self_attn.out_proj", bias: true),
        .. DecoderTensors.Norm("blocks.{i}.ln2", $"{Layer}final_layer_norm"),
        .. DecoderTensors.PlainMlp($"{Layer}fc1", $"{Layer}fc2", bias: true),
    ];

    /// <inheritdoc/>
    protected override ModelConfig Read(HubConfig hub)
    {
        ArgumentNullException.ThrowIfNull(hub);
        var (width, heads) = (hub.Size("d_model"), hub.Size("attention_heads"));
        LayerNormConfig norm = new(1e-5);
        BlockConfig block = new()
        {
            Ln1 = norm,
            Mixer = new AttentionConfig { NHeads = heads, NKeyValueHeads = heads, DHead = width / heads, Scale = 1 / Math.Sqrt(width / heads), QkvBias = true, OutputBias = true },
            Ln2 = norm,
            Mlp = new PlainMlpConfig(hub.Size("ffn_dim"), hub.Activation("activation_function", "gelu"), Bias: true),
        };
        return new()
        {
            Architecture = Ids[0],
            DModel = width,
            DVocab = hub.Size("vocab_size"),
            NCtx = hub.Size("max_position_embeddings", 2048),
            Positions = new SinusoidalPositions(Offset: 2, Divisor: (width / 2) - 1),
            EmbedScale = hub.Flag("scale_embedding", true) ? Math.Sqrt(width) : 1,
            FinalNorm = norm,
            TiedEmbeddings = hub.Flag("tie_word_embeddings", true),
            Blocks = [.. Enumerable.Repeat(block, hub.Size("num_layers"))],
        };
    }
}
