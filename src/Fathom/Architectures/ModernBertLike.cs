using Fathom.Configuration;

namespace Fathom.Architectures;

/// <summary>ModernBERT and the decoder made like it: a norm after the embedding and therefore none before the first attention, gated MLPs, layers that see everything between layers that look through a window, a base of rotary positions for each kind, a head before the unembedding.</summary>
/// <remarks>Source: Warner et al. 2024 (arXiv:2412.13663); the decoder: Weller et al. 2025 (arXiv:2507.11412).</remarks>
public abstract class ModernBertLike : Architecture
{
    private const string Layer = "model.layers.{i}.";

    /// <inheritdoc/>
    public override string BasePrefix => "model.";

    /// <summary>Keys that concern training, other tasks or kernels; <c>layer_norm_eps</c> and <c>position_embedding_type</c> are left over from BERT and read by nobody (<c>norm_eps</c> is).</summary>
    protected override IReadOnlyList<string> InertKeys =>
    [
        "embedding_dropout", "mlp_dropout", "initializer_cutoff_factor", "classifier_pooling", "deterministic_flash_attn", "sparse_prediction", "sparse_pred_ignore_index",
        "reference_compile", "repad_logits_with_grad", "layer_norm_eps", "position_embedding_type", "compile",
    ];

    /// <summary>The rows both share.</summary>
    /// <param name="config">Says which biases exist.</param>
    /// <param name="embedding">Our name of the embedding.</param>
    /// <param name="ours">Our name of the head.</param>
    /// <param name="theirs">The checkpoint's name of the head.</param>
    private protected static IEnumerable<WeightRule> Common(ModelConfig config, string embedding, string ours, string theirs) =>
    [
        new(embedding, "model.embeddings.tok_embeddings.weight"),
        .. DecoderTensors.Norm("embed.ln", "model.embeddings.norm"),
        .. DecoderTensors.Norm("blocks.{i}.ln1", $"{Layer}attn_norm"),
        .. DecoderTensors.Output($"{Layer}attn.Wo", bias: true),
        .. DecoderTensors.Norm("blocks.{i}.ln2", $"{Layer}mlp_norm"),
        new("blocks.{i}.mlp.W_gate, blocks.{i}.mlp.W_in", $"{Layer}mlp.Wi.weight", "(branch d_mlp) d_model -> branch d_model d_mlp"),
        new("blocks.{i}.mlp.b_gate, blocks.{i}.mlp.b_in", $"{Layer}mlp.Wi.bias", "(branch d_mlp) -> branch d_mlp"),
        new("blocks.{i}.mlp.W_out", $"{Layer}mlp.Wo.weight", "d_model d_mlp -> d_mlp d_model"),
        new("blocks.{i}.mlp.b_out", $"{Layer}mlp.Wo.bias"),
        .. DecoderTensors.Norm("ln_final", "model.final_norm"),
        new($"{ours}.W", $"{theirs}.dense.weight", "d_embed d_model -> d_model d_embed"),
        .. config.Head is { Bias: true } ? [new($"{ours}.b", $"{theirs}.dense.bias")] : Array.Empty<WeightRule>(),
        .. DecoderTensors.Norm($"{ours}.ln", $"{theirs}.norm"),
        DecoderTensors.Unembed("decoder.weight"),
        new("unembed.b_U", "decoder.bias"),
    ];

    /// <summary>Reads what both share.</summary>
    /// <param name="hub">The config.</param>
    /// <param name="causal">Whether a query sees only earlier keys.</param>
    /// <param name="window">The number of keys a query of a windowed layer sees.</param>
    private protected ModelConfig Read(HubConfig hub, bool causal, int window)
    {
        DecoderShape shape = new(hub);
        LayerNormConfig norm = new(hub.Number("norm_eps", 1e-5), Bias: hub.Flag("norm_bias", false));
        var bias = hub.Flag("attention_bias", false);
        var full = new RotaryReader(hub, shape.HeadWidth) { Theta = 160000, ThetaKey = "global_rope_theta" }.Read(LayerKinds.Full);
        var local = new RotaryReader(hub, shape.HeadWidth) { Theta = 10000, ThetaKey = "local_rope_theta" }.Read(LayerKinds.Sliding);
        var attention = shape.Attention(full) with { Causal = causal, QkvBias = bias, OutputBias = bias };
        var every = hub.Size("global_attn_every_n_layers", 3);
        var kinds = LayerKinds.Read(hub, shape.Layers, i => i % every == 0 ? LayerKinds.Full : LayerKinds.Sliding);
        GatedMlpConfig mlp = new(shape.MlpWidth, hub.Activation("hidden_activation", "gelu"), hub.Flag("mlp_bias", false));
        return shape.Model(Ids[0], norm, tied: true, i => new()
        {
            Ln1 = i == 0 ? null : norm,
            Mixer = kinds[i] == LayerKinds.Sliding ? attention with { Rotary = local, Window = window } : attention,
            Ln2 = norm,
            Mlp = mlp,
        }) with
        {
            EmbedNorm = norm,
            Head = new(hub.Activation("classifier_activation", "gelu"), norm, hub.Flag("classifier_bias", false)),
            UnembedBias = hub.Flag("decoder_bias", true),
        };
    }
}
