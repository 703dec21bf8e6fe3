using Fathom.Configuration;

namespace Fathom.Architectures;

/// <summary>NanoChat: norms without parameters, one of them after the embedding; rotation by the negative angle; a squared-ReLU MLP; bounded logits.</summary>
/// <remarks>Source: Karpathy 2025, "nanochat".</remarks>
public sealed class NanoChat : LlamaLike
{
    /// <inheritdoc/>
    public override IReadOnlyList<string> Ids => ["NanoChatForCausalLM", "NanoChatModel"];

    /// <inheritdoc/>
    public override string Family => "NanoChat";

    /// <inheritdoc/>
    public override IReadOnlyList<WeightRule> Weights(ModelConfig config) =>
    [
        .. LlamaTensors.Ends(finalNorm: null),
        .. LlamaTensors.Attention(config),
        .. LlamaTensors.PlainMlp(config, "fc1", "fc2"),
    ];

    /// <inheritdoc/>
    protected override ModelConfig Read(HubConfig hub)
    {
        DecoderShape shape = new(hub);
        RmsNormConfig norm = new(hub.Number("rms_norm_eps", 1e-6), Gain: false);
        var bias = hub.Flag("attention_bias", false);
        BlockConfig block = new()
        {
            Ln1 = norm,
            Mixer = shape.Attention(new RotaryReader(hub, shape.HeadWidth).Read() with { Reversed = true }) with
            {
                QkvBias = bias,
                OutputBias = bias,
                QueryKeyNorm = new(norm, QueryKeyNormScope.HeadSharedGain, AfterRotary: true),
            },
            Ln2 = norm,
            Mlp = new PlainMlpConfig(shape.MlpWidth, hub.Activation("hidden_act", "relu2"), Bias: false),
        };
        return shape.Model(Ids[0], norm, tied: false, _ => block) with { EmbedNorm = norm, LogitSoftCap = hub.Optional("final_logit_softcapping", ifAbsent: 15) };
    }
}
