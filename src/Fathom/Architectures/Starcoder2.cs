using Fathom.Configuration;

namespace Fathom.Architectures;

/// <summary>StarCoder2: layer norms, biases, a plain MLP, windows on every layer where the config names one.</summary>
/// <remarks>Source: Lozhkov et al. 2024 (arXiv:2402.19173).</remarks>
public sealed class Starcoder2 : LlamaLike
{
    /// <inheritdoc/>
    public override IReadOnlyList<string> Ids => ["Starcoder2ForCausalLM", "Starcoder2Model"];

    /// <inheritdoc/>
    public override string Family => "StarCoder2";

    /// <inheritdoc/>
    protected override IReadOnlyList<string> InertKeys => ["embedding_dropout"];

    /// <inheritdoc/>
    public override IReadOnlyList<WeightRule> Weights(ModelConfig config) =>
    [
        .. LlamaTensors.Ends(),
        .. LlamaTensors.Norm("ln1", "input_layernorm"),
        .. LlamaTensors.Attention(config),
        .. LlamaTensors.Norm("ln2", "post_attention_layernorm"),
        .. LlamaTensors.PlainMlp(config, "c_fc", "c_proj"),
    ];

    /// <inheritdoc/>
    protected override ModelConfig Read(HubConfig hub)
    {
        hub.Require("mlp_type", "\"default\"");
        hub.Require("norm_type", "\"layer_norm\"");
        DecoderShape shape = new(hub);
        LayerNormConfig norm = new(hub.Number("norm_epsilon", 1e-5));
        var bias = hub.Flag("use_bias", true);
        BlockConfig block = new()
        {
            Ln1 = norm,
            Mixer = shape.Attention(new RotaryReader(hub, shape.HeadWidth).Read()) with { QkvBias = bias, OutputBias = bias, Window = LayerKinds.Window(hub) },
            Ln2 = norm,
            Mlp = new PlainMlpConfig(shape.MlpWidth, hub.Activation("hidden_act", "gelu_pytorch_tanh"), bias),
        };
        return shape.Model(Ids[0], norm, tied: true, _ => block);
    }
}
