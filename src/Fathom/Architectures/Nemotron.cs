using Fathom.Configuration;

namespace Fathom.Architectures;

/// <summary>Nemotron and Minitron: layer norms stored minus one, partial rotary positions, a squared-ReLU MLP.</summary>
/// <remarks>Source: Parmar et al. 2024 (arXiv:2402.16819).</remarks>
public sealed class Nemotron : LlamaLike
{
    /// <inheritdoc/>
    public override IReadOnlyList<string> Ids => ["NemotronForCausalLM", "NemotronModel"];

    /// <inheritdoc/>
    public override string Family => "Nemotron";

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
        LayerNormConfig norm = new(hub.Number("norm_eps", 1e-5), GainOffset: 1);
        var bias = hub.Flag("attention_bias", false);
        BlockConfig block = new()
        {
            Ln1 = norm,
            Mixer = shape.Attention(new RotaryReader(hub, shape.HeadWidth) { Partial = 0.5, PartialKey = "partial_rotary_factor" }.Read()) with { QkvBias = bias, OutputBias = bias },
            Ln2 = norm,
            Mlp = new PlainMlpConfig(shape.MlpWidth, hub.Activation("hidden_act", "relu2"), hub.Flag("mlp_bias", false)),
        };
        return shape.Model(Ids[0], norm, tied: false, _ => block);
    }
}
