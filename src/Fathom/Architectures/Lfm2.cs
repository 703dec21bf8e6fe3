using Fathom.Configuration;

namespace Fathom.Architectures;

/// <summary>LFM2: gated short convolutions and grouped-query attention with norms of queries and keys.</summary>
/// <remarks>Source: Liquid AI 2025 (arXiv:2511.23404).</remarks>
public sealed class Lfm2 : Architecture
{
    private const string Layer = "model.layers.{i}.";

    /// <inheritdoc/>
    public override IReadOnlyList<string> Ids => ["Lfm2ForCausalLM", "Lfm2Model"];

    /// <inheritdoc/>
    public override string Family => "LFM2";

    /// <inheritdoc/>
    public override string BasePrefix => "model.";

    /// <inheritdoc/>
    public override IReadOnlyList<string> StaleTensors => [".rotary_emb.inv_freq"];

    /// <inheritdoc/>
    // Names of the original code, which repeat others, and how weights were initialised.
    protected override IReadOnlyList<string> InertKeys => ["block_dim", "block_norm_eps", "block_mlp_init_scale", "block_out_init_scale", "block_use_xavier_init", "conv_dim", "conv_dim_out", "conv_use_xavier_init", "use_pos_enc", "num_heads"];

    /// <inheritdoc/>
    public override IReadOnlyList<WeightRule> Weights(ModelConfig config)
    {
        const string Split = "(branch d_inner) d_model -> branch d_model d_inner";
        var bias = config.Blocks.Any(b => b.Mixer is ShortConvolutionConfig { Bias: true });
        return
        [
            .. LlamaTensors.Ends("model.embedding_norm"),
            .. LlamaTensors.Norm("ln1", "operator_norm"),
            new("blocks.{i}.mixer.W_B, blocks.{i}.mixer.W_C, blocks.{i}.mixer.W_x", $"{Layer}conv.in_proj.weight", Split),
            new("blocks.{i}.mixer.W_conv", $"{Layer}conv.conv.weight", "d_inner one d_kernel -> (d_inner one) d_kernel"),
            new("blocks.{i}.mixer.W_out", $"{Layer}conv.out_proj.weight", "d_model d_inner -> d_inner d_model"),
            .. bias ? [
                new("blocks.{i}.mixer.b_B, blocks.{i}.mixer.b_C, blocks.{i}.mixer.b_x", $"{Layer}conv.in_proj.bias", "(branch d_inner) -> branch d_inner"),
                new("blocks.{i}.mixer.b_conv", $"{Layer}conv.conv.bias"),
                new("blocks.{i}.mixer.b_out", $"{Layer}conv.out_proj.bias"),
            ] : Array.Empty<WeightRule>(),
            .. LlamaTensors.Attention(config, "out_proj"),
            .. LlamaTensors.QueryKeyNorm("q_layernorm", "k_layernorm"),
            .. LlamaTensors.Norm("ln2", "ffn_norm"),
            new("blocks.{i}.mlp.W_gate", $"{Layer}feed_forward.w1.weight", "d_mlp d_model -> d_model d_mlp"),
            new("blocks.{i}.mlp.W_in", $"{Layer}feed_forward.w3.weight", "d_mlp d_model -> d_model d_mlp"),
            new("blocks.{i}.mlp.W_out", $"{Layer}feed_forward.w2.weight", "d_model d_mlp -> d_mlp d_model"),
        ];
    }

    /// <inheritdoc/>
    protected override ModelConfig Read(HubConfig hub)
    {
        hub.Require("block_use_swiglu", "true");
        DecoderShape shape = new(hub);
        RmsNormConfig norm = new(hub.Number("norm_eps", 1e-5));
        MixerConfig attention = shape.Attention(new RotaryReader(hub, shape.HeadWidth) { Theta = 1e6, ThetaKey = hub.Has("rope_theta") ? "rope_theta" : "theta" }.Read()) with
        {
            QueryKeyNorm = new(norm, QueryKeyNormScope.HeadSharedGain),
        };
        MixerConfig convolution = new ShortConvolutionConfig(shape.Width, hub.Size("conv_L_cache", 3), hub.Flag("conv_bias", false));
        var listed = hub.Counts("full_attn_idxs");
        var kinds = LayerKinds.Read(hub, shape.Layers, i => listed is null || listed.Contains(i) ? LayerKinds.Full : "conv", LayerKinds.Full, "conv");
        GatedMlpConfig mlp = new(MlpWidth(hub), Activation.Silu);
        return shape.Model(Ids[0], norm, hub.Flag("tie_embedding", true), i => new()
        {
            Ln1 = norm,
            Mixer = kinds[i] == "conv" ? convolution : attention,
            Ln2 = norm,
            Mlp = mlp,
        });
    }

    /// <summary>The hidden width: two thirds of the config's, times a factor, rounded up, where it adjusts itself.</summary>
    private static int MlpWidth(HubConfig hub)
    {
        var width = hub.Has("block_ff_dim") ? hub.Size("block_ff_dim") : hub.Size("intermediate_size", 12288);
        hub.Inert("intermediate_size");
        var (factor, multiple) = (hub.Optional("block_ffn_dim_multiplier", 1), hub.Size("block_multiple_of", 256));
        if (!hub.Flag("block_auto_adjust_ff_dim", true))
        {
            return width;
        }

        width = (int)(2L * width / 3);
        width = factor is { } f ? (int)(f * width) : width;
        return (width + multiple - 1) / multiple * multiple;
    }
}
