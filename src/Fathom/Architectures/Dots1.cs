using Fathom.Configuration;

namespace Fathom.Architectures;

/// <summary>dots.llm1: Qwen 3's attention with DeepSeek's experts after the first, dense layers.</summary>
/// <remarks>Source: rednote-hilab 2025 (arXiv:2506.05767).</remarks>
public sealed class Dots1 : LlamaLike
{
    /// <inheritdoc/>
    public override IReadOnlyList<string> Ids => ["Dots1ForCausalLM", "Dots1Model"];

    /// <inheritdoc/>
    public override string Family => "dots.llm1";

    /// <inheritdoc/>
    protected override IReadOnlyList<string> InertKeys => ["scoring_func", "topk_method", "ep_size"];

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
        hub.Require("moe_layer_freq", "1");
        hub.Require("use_sliding_window", "false");
        DecoderShape shape = new(hub);
        MixtureReader mixture = new(hub);
        RmsNormConfig norm = new(hub.Number("rms_norm_eps", 1e-6));
        var bias = hub.Flag("attention_bias", false);
        var attention = shape.Attention(new RotaryReader(hub, shape.HeadWidth).Read()) with { QkvBias = bias, OutputBias = bias, QueryKeyNorm = new(norm, QueryKeyNormScope.HeadSharedGain) };
        var (window, from) = (LayerKinds.Window(hub, ifAbsent: 4096), hub.Count("max_window_layers", 62));
        var kinds = LayerKinds.Read(hub, shape.Layers, i => window is not null && i >= from ? LayerKinds.Sliding : LayerKinds.Full);
        var (dense, sparse, prefix) = (shape.GatedMlp(), mixture.WithShared(mixture.Sigmoid(renormalized: false)), hub.Count("first_k_dense_replace", 0));
        return shape.Model(Ids[0], norm, tied: false, i => new()
        {
            Ln1 = norm,
            Mixer = attention with { Window = kinds[i] == LayerKinds.Sliding ? window : null },
            Ln2 = norm,
            Mlp = i < prefix ? dense : sparse,
        });
    }
}
