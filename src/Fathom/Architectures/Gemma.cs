using Fathom.Configuration;

namespace Fathom.Architectures;

/// <summary>Gemma: RMS norms stored minus one, an embedding scaled by the root of its width, a gated MLP with tanh-GELU, wide heads.</summary>
/// <remarks>Source: Gemma Team 2024 (arXiv:2403.08295).</remarks>
public sealed class Gemma : LlamaLike
{
    /// <inheritdoc/>
    public override IReadOnlyList<string> Ids => ["GemmaForCausalLM", "GemmaModel"];

    /// <inheritdoc/>
    public override string Family => "Gemma";

    /// <inheritdoc/>
    protected override ModelConfig Read(HubConfig hub)
    {
        hub.Require("use_bidirectional_attention", "false");
        DecoderShape shape = new(hub);
        RmsNormConfig norm = new(hub.Number("rms_norm_eps", 1e-6), GainOffset: 1, CastBeforeGain: false);
        var bias = hub.Flag("attention_bias", false);
        var activation = hub.Has("hidden_activation") ? hub.Activation("hidden_activation") : hub.Activation("hidden_act", "gelu_pytorch_tanh");
        hub.Inert("hidden_act");
        BlockConfig block = new()
        {
            Ln1 = norm,
            Mixer = shape.Attention(new RotaryReader(hub, shape.HeadWidth).Read()) with { QkvBias = bias, OutputBias = bias },
            Ln2 = norm,
            // Released configs say "gelu" and mean its tanh approximation.
            Mlp = new GatedMlpConfig(shape.MlpWidth, activation == Activation.Gelu ? Activation.GeluTanh : activation),
        };
        return shape.Model(Ids[0], norm, tied: true, _ => block) with { EmbedScale = Math.Sqrt(shape.Width) };
    }
}
