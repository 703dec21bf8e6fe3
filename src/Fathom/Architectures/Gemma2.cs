using Fathom.Configuration;

namespace Fathom.Architectures;

/// <summary>Gemma 2: Gemma with norms before and after each sublayer, windows on every second layer, and bounds on scores and logits.</summary>
/// <remarks>Source: Gemma Team 2024 (arXiv:2408.00118).</remarks>
public sealed class Gemma2 : LlamaLike
{
    /// <inheritdoc/>
    public override IReadOnlyList<string> Ids => ["Gemma2ForCausalLM", "Gemma2Model"];

    /// <inheritdoc/>
    public override string Family => "Gemma 2";

    /// <inheritdoc/>
    protected override IReadOnlyList<string> InertKeys => ["hidden_act", "cache_implementation"];

    /// <inheritdoc/>
    public override IReadOnlyList<WeightRule> Weights(ModelConfig config) =>
    [
        .. LlamaTensors.Ends(),
        .. LlamaTensors.Norm("ln1", "input_layernorm"),
        .. LlamaTensors.Attention(config),
        .. LlamaTensors.Norm("ln1_post", "post_attention_layernorm"),
        .. LlamaTensors.Norm("ln2", "pre_feedforward_layernorm"),
        .. LlamaTensors.GatedMlp(config),
        .. LlamaTensors.Norm("ln2_post", "post_feedforward_layernorm"),
    ];

    /// <inheritdoc/>
    protected override ModelConfig Read(HubConfig hub)
    {
        hub.Require("use_bidirectional_attention", "false");
        DecoderShape shape = new(hub);
        RmsNormConfig norm = new(hub.Number("rms_norm_eps", 1e-6), GainOffset: 1, CastBeforeGain: false);
        var bias = hub.Flag("attention_bias", false);
        var attention = shape.Attention(new RotaryReader(hub, shape.HeadWidth).Read()) with
        {
            Scale = 1 / Math.Sqrt(hub.Number("query_pre_attn_scalar", 256)),
            SoftCap = hub.Optional("attn_logit_softcapping", ifAbsent: 50),
            QkvBias = bias,
            OutputBias = bias,
        };
        var kinds = LayerKinds.Read(hub, shape.Layers, i => i % 2 == 0 ? LayerKinds.Sliding : LayerKinds.Full);
        var window = LayerKinds.Window(hub, ifAbsent: 4096);
        GatedMlpConfig mlp = new(shape.MlpWidth, hub.Activation("hidden_activation", "gelu_pytorch_tanh"));
        return shape.Model(Ids[0], norm, tied: true, i => new()
        {
            Ln1 = norm,
            Mixer = attention with { Window = kinds[i] == LayerKinds.Sliding ? window : null },
            Ln1Post = norm,
            Ln2 = norm,
            Mlp = mlp,
            Ln2Post = norm,
        }) with { EmbedScale = Math.Sqrt(shape.Width), LogitSoftCap = hub.Optional("final_logit_softcapping", ifAbsent: 30) };
    }
}
