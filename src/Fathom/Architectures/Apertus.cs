using Fathom.Configuration;

namespace Fathom.Architectures;

/// <summary>Apertus: Llama with norms on each head's queries and keys and an xIELU MLP without a gate.</summary>
/// <remarks>Source: Project Apertus 2025 (arXiv:2509.14233).</remarks>
public sealed class Apertus : LlamaLike
{
    /// <inheritdoc/>
    public override IReadOnlyList<string> Ids => ["ApertusForCausalLM", "ApertusModel"];

    /// <inheritdoc/>
    public override string Family => "Apertus";

    /// <inheritdoc/>
    public override IReadOnlyList<WeightRule> Weights(ModelConfig config) =>
    [
        .. LlamaTensors.Ends(),
        .. LlamaTensors.Norm("ln1", "attention_layernorm"),
        .. LlamaTensors.Attention(config),
        .. LlamaTensors.QueryKeyNorm("q_norm", "k_norm"),
        .. LlamaTensors.Norm("ln2", "feedforward_layernorm"),
        .. LlamaTensors.PlainMlp(config, "up_proj", "down_proj"),
        .. LlamaTensors.Xielu(),
    ];

    /// <inheritdoc/>
    protected override ModelConfig Read(HubConfig hub)
    {
        hub.Require("post_norm", "false");
        hub.Require("qk_norm", "true");
        DecoderShape shape = new(hub);
        RmsNormConfig norm = new(hub.Number("rms_norm_eps", 1e-5));
        var bias = hub.Flag("attention_bias", false);
        RotaryReader rotary = new(hub, shape.HeadWidth) { Theta = 12e6, ScalingIfAbsent = new Llama3Scaling(8, 1, 4, 8192) };
        BlockConfig block = new()
        {
            Ln1 = norm,
            Mixer = shape.Attention(rotary.Read()) with { QkvBias = bias, OutputBias = bias, QueryKeyNorm = new(norm, QueryKeyNormScope.HeadSharedGain) },
            Ln2 = norm,
            Mlp = new PlainMlpConfig(shape.MlpWidth, hub.Activation("hidden_act", "xielu"), hub.Flag("mlp_bias", false)),
        };
        return shape.Model(Ids[0], norm, tied: false, _ => block);
    }
}
