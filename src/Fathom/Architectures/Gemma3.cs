using Fathom.Configuration;

namespace Fathom.Architectures;

/// <summary>Gemma 3 (text): Gemma 2 with norms on queries and keys instead of a bound on scores, five windowed layers to a full one, and a base of its own for each kind.</summary>
/// <remarks>Source: Gemma Team 2025 (arXiv:2503.19786).</remarks>
public sealed class Gemma3 : LlamaLike
{
    /// <inheritdoc/>
    public override IReadOnlyList<string> Ids => ["Gemma3ForCausalLM", "Gemma3TextModel"];

    /// <inheritdoc/>
    public override string Family => "Gemma 3";

    /// <inheritdoc/>
    protected override IReadOnlyList<string> InertKeys => ["hidden_act", "cache_implementation"];

    /// <inheritdoc/>
    public override IReadOnlyList<WeightRule> Weights(ModelConfig config) =>
    [
        .. LlamaTensors.Ends(),
        .. LlamaTensors.Norm("ln1", "input_layernorm"),
        .. LlamaTensors.Attention(config),
        .. LlamaTensors.QueryKeyNorm("q_norm", "k_norm"),
        .. LlamaTensors.Norm("ln1_post", "post_attention_layernorm"),
        .. LlamaTensors.Norm("ln2", "pre_feedforward_layernorm"),
        .. LlamaTensors.GatedMlp(config),
        .. LlamaTensors.Norm("ln2_post", "post_feedforward_layernorm"),
    ];

    /// <inheritdoc/>
    protected override ModelConfig Read(HubConfig hub)
    {
        ArgumentNullException.ThrowIfNull(hub);
        return Read(hub, Ids[0]);
    }

    /// <summary>Reads the config, or the section that describes the text model of a larger one.</summary>
    /// <param name="hub">The config.</param>
    /// <param name="architecture">The class name.</param>
    internal static ModelConfig Read(HubConfig hub, string architecture)
    {
        hub.Require("use_bidirectional_attention", "false");
        DecoderShape shape = new(hub);
        RmsNormConfig norm = new(hub.Number("rms_norm_eps", 1e-6), GainOffset: 1, CastBeforeGain: false);
        var bias = hub.Flag("attention_bias", false);
        var full = new RotaryReader(hub, shape.HeadWidth) { Theta = 1e6 }.Read(LayerKinds.Full);
        var local = new RotaryReader(hub, shape.HeadWidth) { Theta = 1e4, ThetaKey = "rope_local_base_freq", ScalingKey = null }.Read(LayerKinds.Sliding);
        var attention = shape.Attention(full) with
        {
            Scale = 1 / Math.Sqrt(hub.Number("query_pre_attn_scalar", 256)),
            SoftCap = hub.Optional("attn_logit_softcapping"),
            QueryKeyNorm = new(norm, QueryKeyNormScope.HeadSharedGain),
            QkvBias = bias,
            OutputBias = bias,
        };
        var kinds = LayerKinds.Read(hub, shape.Layers, LayerKinds.FullEvery(hub.Size("sliding_window_pattern", hub.Size("_sliding_window_pattern", 6))));
        var sliding = attention with { Rotary = local, Window = LayerKinds.Window(hub, ifAbsent: 4096) };
        GatedMlpConfig mlp = new(shape.MlpWidth, hub.Activation("hidden_activation", "gelu_pytorch_tanh"));
        return shape.Model(architecture, norm, tied: true, i => new()
        {
            Ln1 = norm,
            Mixer = kinds[i] == LayerKinds.Sliding ? sliding : attention,
            Ln1Post = norm,
            Ln2 = norm,
            Mlp = mlp,
            Ln2Post = norm,
        }) with { EmbedScale = Math.Sqrt(shape.Width), LogitSoftCap = hub.Optional("final_logit_softcapping") };
    }
}
