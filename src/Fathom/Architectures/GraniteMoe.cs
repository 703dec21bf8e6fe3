using Fathom.Configuration;

namespace Fathom.Architectures;

/// <summary>Granite with experts: Granite's factors, and a softmax over the logits of the chosen experts alone.</summary>
/// <remarks>Source: Granite Team, IBM 2024, "Granite 3.0 Language Models".</remarks>
public sealed class GraniteMoe : LlamaLike
{
    private const string Layer = "model.layers.{i}.block_sparse_moe.";

    /// <inheritdoc/>
    public override IReadOnlyList<string> Ids => ["GraniteMoeForCausalLM", "GraniteMoeModel"];

    /// <inheritdoc/>
    public override string Family => "Granite-MoE";

    /// <inheritdoc/>
    public override IReadOnlyList<WeightRule> Weights(ModelConfig config) =>
    [
        .. LlamaTensors.Ends(),
        .. LlamaTensors.Norm("ln1", "input_layernorm"),
        .. LlamaTensors.Attention(config),
        .. LlamaTensors.Norm("ln2", "post_attention_layernorm"),
        MixtureTensors.Router($"{Layer}router.layer.weight"),
        .. MixtureTensors.Fused($"{Layer}input_linear.weight", $"{Layer}output_linear.weight"),
    ];

    /// <inheritdoc/>
    protected override ModelConfig Read(HubConfig hub)
    {
        DecoderShape shape = new(hub);
        MixtureReader mixture = new(hub) { ExpertsIfAbsent = 8, ChosenIfAbsent = 2 };
        RmsNormConfig norm = new(hub.Number("rms_norm_eps", 1e-6));
        var bias = hub.Flag("attention_bias", false);
        BlockConfig block = new()
        {
            Ln1 = norm,
            Mixer = shape.Attention(new RotaryReader(hub, shape.HeadWidth).Read()) with { QkvBias = bias, OutputBias = bias, Scale = hub.Number("attention_multiplier", 1) },
            Ln2 = norm,
            Mlp = new MixtureOfExpertsConfig(shape.MlpWidth, mixture.Experts, hub.Activation("hidden_act", "silu"), new TopKRouter(mixture.Chosen)),
            ResidualMultiplier = hub.Number("residual_multiplier", 1),
        };
        return shape.Model(Ids[0], norm, tied: false, _ => block) with { EmbedScale = hub.Number("embedding_multiplier", 1), LogitScale = 1 / hub.Number("logits_scaling", 1) };
    }
}
