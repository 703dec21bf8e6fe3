using Fathom.Configuration;

namespace Fathom.Architectures;

/// <summary>GLM 4.5 and 4.6: half of each head turns, DeepSeek's experts after the first, dense layers.</summary>
/// <remarks>Source: GLM-4.5 Team 2025 (arXiv:2508.06471).</remarks>
public sealed class Glm4Moe : LlamaLike
{
    /// <inheritdoc/>
    public override IReadOnlyList<string> Ids => ["Glm4MoeForCausalLM", "Glm4MoeModel"];

    /// <inheritdoc/>
    public override string Family => "GLM-4-MoE";

    /// <inheritdoc/>
    protected override IReadOnlyList<string> InertKeys => ["num_nextn_predict_layers"];

    /// <inheritdoc/>
    /// <remarks>The layers that predict further tokens follow the last one: number 46 of the smaller model, 92 of the larger.</remarks>
    public override IReadOnlyList<string> StaleTensors => [.. base.StaleTensors, "model.layers.46.*", "model.layers.92.*"];

    /// <inheritdoc/>
    public override IReadOnlyList<WeightRule> Weights(ModelConfig config) =>
    [
        .. base.Weights(config),
        .. LlamaTensors.QueryKeyNorm("q_norm", "k_norm"),
        .. MixtureTensors.Usual(),
        new("blocks.{i}.mlp.b_correction", "model.layers.{i}.mlp.gate.e_score_correction_bias"),
        .. MixtureTensors.Shared("model.layers.{i}.mlp.shared_experts"),
    ];

    /// <inheritdoc/>
    protected override ModelConfig Read(HubConfig hub)
    {
        DecoderShape shape = new(hub);
        MixtureReader mixture = new(hub) { ExpertsIfAbsent = 128, ChosenIfAbsent = 8 };
        RmsNormConfig norm = new(hub.Number("rms_norm_eps", 1e-5));
        var attention = shape.Attention(new RotaryReader(hub, shape.HeadWidth) { Partial = 0.5, PartialKey = "partial_rotary_factor" }.Read()) with
        {
            QkvBias = hub.Flag("attention_bias", false),
            QueryKeyNorm = hub.Flag("use_qk_norm", false) ? new(norm, QueryKeyNormScope.HeadSharedGain) : null,
        };
        var (dense, sparse, prefix) = (shape.GatedMlp(), mixture.WithShared(mixture.Sigmoid(renormalized: true)), hub.Count("first_k_dense_replace", 1));
        return shape.Model(Ids[0], norm, tied: false, i => new() { Ln1 = norm, Mixer = attention, Ln2 = norm, Mlp = i < prefix ? dense : sparse });
    }
}
