using Fathom.Configuration;

namespace Fathom.Architectures;

/// <summary>Arcee (AFM): Llama with a squared-ReLU MLP without a gate.</summary>
/// <remarks>Source: the released code of Arcee AI's AFM models.</remarks>
public sealed class Arcee : LlamaLike
{
    /// <inheritdoc/>
    public override IReadOnlyList<string> Ids => ["ArceeForCausalLM", "ArceeModel"];

    /// <inheritdoc/>
    public override string Family => "Arcee";

    /// <inheritdoc/>
    public override IReadOnlyList<WeightRule> Weights(ModelConfig config) =>
    [
        .. LlamaTensors.Ends(),
        .. LlamaTensors.Norm("ln1", "input_layernorm"),
        .. LlamaTensors.Attention(config),
        .. LlamaTensors.Norm("ln2", "post_attention_layernorm"),
        .. LlamaTensors.PlainMlp(config, "up_proj", "down_proj"),
    ];

    /// <inheritdoc/>
    protected override ModelConfig Read(HubConfig hub)
    {
        DecoderShape shape = new(hub);
        RmsNormConfig norm = new(hub.Number("rms_norm_eps", 1e-5));
        var bias = hub.Flag("attention_bias", false);
        BlockConfig block = new()
        {
            Ln1 = norm,
            Mixer = shape.Attention(new RotaryReader(hub, shape.HeadWidth).Read()) with { QkvBias = bias, OutputBias = bias },
            Ln2 = norm,
            Mlp = new PlainMlpConfig(shape.MlpWidth, hub.Activation("hidden_act", "relu2"), hub.Flag("mlp_bias", false)),
        };
        return shape.Model(Ids[0], norm, tied: false, _ => block);
    }
}
