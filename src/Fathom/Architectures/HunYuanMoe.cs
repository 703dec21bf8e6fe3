using Fathom.Configuration;

namespace Fathom.Architectures;

/// <summary>HunYuan with experts: HunYuan's attention, a softmax over all experts, and one expert that all tokens use.</summary>
/// <remarks>Source: Sun et al. 2024 (arXiv:2411.02265).</remarks>
public sealed class HunYuanMoe : LlamaLike
{
    private const string Mlp = "model.layers.{i}.mlp.";

    /// <inheritdoc/>
    public override IReadOnlyList<string> Ids => ["HunYuanMoEV1ForCausalLM", "HunYuanMoEV1Model"];

    /// <inheritdoc/>
    public override string Family => "HunYuan-MoE";

    /// <inheritdoc/>
    protected override IReadOnlyList<string> InertKeys => ["eod_token_id"];

    /// <inheritdoc/>
    public override IReadOnlyList<WeightRule> Weights(ModelConfig config) =>
    [
        .. LlamaTensors.Ends(),
        .. LlamaTensors.Norm("ln1", "input_layernorm"),
        .. LlamaTensors.Attention(config),
        .. LlamaTensors.QueryKeyNorm("query_layernorm", "key_layernorm"),
        .. LlamaTensors.Norm("ln2", "post_attention_layernorm"),
        .. MixtureTensors.Usual("gate.wg.weight"),
        .. MixtureTensors.Shared($"{Mlp}shared_mlp"),
    ];

    /// <inheritdoc/>
    protected override ModelConfig Read(HubConfig hub)
    {
        DecoderShape shape = new(hub);
        MixtureReader mixture = new(hub) { ChosenKey = "moe_topk", ExpertsIfAbsent = 1, ChosenIfAbsent = 1 };
        RmsNormConfig norm = new(hub.Number("rms_norm_eps", 1e-5));
        var (bias, activation) = (hub.Flag("attention_bias", false), hub.Activation("hidden_act", "silu"));
        BlockConfig block = new()
        {
            Ln1 = norm,
            Mixer = shape.Attention(new RotaryReader(hub, shape.HeadWidth) { HasAlpha = true }.Read()) with
            {
                QkvBias = bias,
                OutputBias = bias,
                QueryKeyNorm = new(norm, QueryKeyNormScope.HeadSharedGain, AfterRotary: true),
            },
            Ln2 = norm,
            Mlp = new MixtureOfExpertsConfig(shape.MlpWidth, mixture.Experts, activation, new SoftmaxRouter(mixture.Chosen, Renormalized: true)) { Shared = new(shape.MlpWidth, activation) },
        };
        return shape.Model(Ids[0], norm, tied: false, _ => block);
    }
}
