using Fathom.Configuration;

namespace Fathom.Architectures;

/// <summary>OLMoE: many small experts, norms over the full width of queries and keys.</summary>
/// <remarks>Source: Muennighoff et al. 2024 (arXiv:2409.02060).</remarks>
public sealed class Olmoe : LlamaLike
{
    /// <inheritdoc/>
    public override IReadOnlyList<string> Ids => ["OlmoeForCausalLM", "OlmoeModel"];

    /// <inheritdoc/>
    public override string Family => "OLMoE";

    /// <inheritdoc/>
    public override IReadOnlyList<WeightRule> Weights(ModelConfig config) =>
    [
        .. LlamaTensors.Ends(),
        .. LlamaTensors.Norm("ln1", "input_layernorm"),
        .. LlamaTensors.Attention(config),
        .. LlamaTensors.QueryKeyNorm("q_norm", "k_norm"),
        .. LlamaTensors.Norm("ln2", "post_attention_layernorm"),
        .. MixtureTensors.Usual(),
    ];

    /// <inheritdoc/>
    protected override ModelConfig Read(HubConfig hub)
    {
        // The bound would follow the norms here; no released file has one.
        hub.Require("clip_qkv", "null");
        DecoderShape shape = new(hub);
        MixtureReader mixture = new(hub) { ExpertsIfAbsent = 64, ChosenIfAbsent = 8 };
        RmsNormConfig norm = new(hub.Number("rms_norm_eps", 1e-5));
        var bias = hub.Flag("attention_bias", false);
        BlockConfig block = new()
        {
            Ln1 = norm,
            Mixer = shape.Attention(new RotaryReader(hub, shape.HeadWidth).Read()) with { QkvBias = bias, OutputBias = bias, QueryKeyNorm = new(norm, QueryKeyNormScope.FullWidth) },
            Ln2 = norm,
            Mlp = new MixtureOfExpertsConfig(shape.MlpWidth, mixture.Experts, hub.Activation("hidden_act", "silu"), new SoftmaxRouter(mixture.Chosen, hub.Flag("norm_topk_prob", false))),
        };
        return shape.Model(Ids[0], norm, tied: false, _ => block);
    }
}
