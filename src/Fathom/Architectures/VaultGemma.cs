using Fathom.Configuration;

namespace Fathom.Architectures;

/// <summary>VaultGemma: Gemma 2 without the norms after the sublayers.</summary>
/// <remarks>Source: Google 2025, "VaultGemma: A Differentially Private Gemma Model" (arXiv:2510.15001).</remarks>
public sealed class VaultGemma : LlamaLike
{
    /// <inheritdoc/>
    public override IReadOnlyList<string> Ids => ["VaultGemmaForCausalLM", "VaultGemmaModel"];

    /// <inheritdoc/>
    public override string Family => "VaultGemma";

    /// <inheritdoc/>
    protected override IReadOnlyList<string> InertKeys => ["hidden_act", "cache_implementation"];

    /// <inheritdoc/>
    public override IReadOnlyList<WeightRule> Weights(ModelConfig config) =>
    [
        .. LlamaTensors.Ends(),
        .. LlamaTensors.Norm("ln1", "input_layernorm"),
        .. LlamaTensors.Attention(config),
        .. LlamaTensors.Norm("ln2", "pre_feedforward_layernorm"),
        .. LlamaTensors.GatedMlp(config),
    ];

    /// <inheritdoc/>
    protected override ModelConfig Read(HubConfig hub)
    {
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
            Ln2 = norm,
            Mlp = mlp,
        }) with { EmbedScale = Math.Sqrt(shape.Width), LogitSoftCap = hub.Optional("final_logit_softcapping", ifAbsent: 30) };
    }
}
