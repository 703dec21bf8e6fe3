using Fathom.Configuration;

namespace Fathom.Architectures;

/// <summary>OLMo 3: OLMo 2 with windows on three of four layers; rotary scaling concerns the full layers only.</summary>
/// <remarks>Source: the released code and report of the OLMo 3 models.</remarks>
public sealed class Olmo3 : LlamaLike
{
    /// <inheritdoc/>
    public override IReadOnlyList<string> Ids => ["Olmo3ForCausalLM", "Olmo3Model"];

    /// <inheritdoc/>
    public override string Family => "OLMo 3";

    /// <inheritdoc/>
    public override IReadOnlyList<WeightRule> Weights(ModelConfig config) =>
    [
        .. LlamaTensors.Ends(),
        .. LlamaTensors.Attention(config),
        .. LlamaTensors.QueryKeyNorm("q_norm", "k_norm"),
        .. LlamaTensors.Norm("ln1", "post_attention_layernorm"),
        .. LlamaTensors.GatedMlp(config),
        .. LlamaTensors.Norm("ln2", "post_feedforward_layernorm"),
    ];

    /// <inheritdoc/>
    protected override ModelConfig Read(HubConfig hub)
    {
        DecoderShape shape = new(hub);
        RmsNormConfig norm = new(hub.Number("rms_norm_eps", 1e-5), CastBeforeGain: false);
        var bias = hub.Flag("attention_bias", false);
        RotaryReader rotary = new(hub, shape.HeadWidth) { Theta = 5e5 };
        var attention = shape.Attention(rotary.Read(LayerKinds.Full)) with { QkvBias = bias, OutputBias = bias, QueryKeyNorm = new(norm, QueryKeyNormScope.FullWidth) };
        var sliding = attention with { Rotary = (rotary with { ScalingKey = null }).Read(LayerKinds.Sliding), Window = LayerKinds.Window(hub, ifAbsent: 4096) };
        var kinds = LayerKinds.Read(hub, shape.Layers, LayerKinds.FullEvery(4));
        var mlp = shape.GatedMlp();
        return shape.Model(Ids[0], norm, tied: false, i => new() { Mixer = kinds[i] == LayerKinds.Sliding ? sliding : attention, Ln1Post = norm, Mlp = mlp, Ln2Post = norm });
    }
}
