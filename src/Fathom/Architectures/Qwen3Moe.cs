using Fathom.Configuration;

namespace Fathom.Architectures;

/// <summary>Qwen 3 with experts: Qwen 3's attention; the layers that the config picks have experts, without a shared one.</summary>
/// <remarks>Source: Yang et al. 2025 (arXiv:2505.09388).</remarks>
public sealed class Qwen3Moe : LlamaLike
{
    /// <inheritdoc/>
    public override IReadOnlyList<string> Ids => ["Qwen3MoeForCausalLM", "Qwen3MoeModel"];

    /// <inheritdoc/>
    public override string Family => "Qwen3-MoE";

    /// <inheritdoc/>
    public override bool PrependBos => false;

    /// <inheritdoc/>
    public override IReadOnlyList<WeightRule> Weights(ModelConfig config) =>
        [.. base.Weights(config), .. LlamaTensors.QueryKeyNorm("q_norm", "k_norm"), .. MixtureTensors.Usual()];

    /// <inheritdoc/>
    protected override ModelConfig Read(HubConfig hub)
    {
        DecoderShape shape = new(hub);
        MixtureReader mixture = new(hub) { ExpertsIfAbsent = 128, ChosenIfAbsent = 8 };
        RmsNormConfig norm = new(hub.Number("rms_norm_eps", 1e-6));
        var bias = hub.Flag("attention_bias", false);
        var attention = shape.Attention(new RotaryReader(hub, shape.HeadWidth).Read()) with { QkvBias = bias, OutputBias = bias, QueryKeyNorm = new(norm, QueryKeyNormScope.HeadSharedGain) };
        var windows = LayerKinds.QwenWindows(hub, shape.Layers);
        var (isSparse, dense) = (mixture.SparseInQwen(), shape.GatedMlp());
        MixtureOfExpertsConfig sparse = new(hub.Size("moe_intermediate_size", 768), mixture.Experts, hub.Activation("hidden_act", "silu"), new SoftmaxRouter(mixture.Chosen, hub.Flag("norm_topk_prob", false)));
        return shape.Model(Ids[0], norm, tied: false, i => new() { Ln1 = norm, Mixer = attention with { Window = windows[i] }, Ln2 = norm, Mlp = isSparse(i) ? sparse : dense });
    }
}
