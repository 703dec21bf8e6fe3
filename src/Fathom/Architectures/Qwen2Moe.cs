using Fathom.Configuration;

namespace Fathom.Architectures;

/// <summary>Qwen 1.5 and 2 with experts: some layers have many small ones and a gated one that all tokens use, the others Qwen 2's MLP.</summary>
/// <remarks>Source: Yang et al. 2024 (arXiv:2407.10671) §2.2.2.</remarks>
public sealed class Qwen2Moe : LlamaLike
{
    /// <inheritdoc/>
    public override IReadOnlyList<string> Ids => ["Qwen2MoeForCausalLM", "Qwen2MoeModel"];

    /// <inheritdoc/>
    public override string Family => "Qwen2-MoE";

    /// <inheritdoc/>
    public override bool PrependBos => false;

    /// <inheritdoc/>
    public override IReadOnlyList<WeightRule> Weights(ModelConfig config) =>
    [
        .. base.Weights(config),
        .. MixtureTensors.Usual(),
        .. MixtureTensors.Shared("model.layers.{i}.mlp.shared_expert"),
        new("blocks.{i}.mlp.W_shared_gate", "model.layers.{i}.mlp.shared_expert_gate.weight", "one d_model -> d_model one"),
    ];

    /// <inheritdoc/>
    protected override ModelConfig Read(HubConfig hub)
    {
        DecoderShape shape = new(hub);
        MixtureReader mixture = new(hub) { ExpertsIfAbsent = 60, ChosenIfAbsent = 4 };
        RmsNormConfig norm = new(hub.Number("rms_norm_eps", 1e-6));
        var attention = shape.Attention(new RotaryReader(hub, shape.HeadWidth).Read()) with { QkvBias = hub.Flag("qkv_bias", true) };
        var windows = LayerKinds.QwenWindows(hub, shape.Layers);
        var (isSparse, dense, activation) = (mixture.SparseInQwen(), shape.GatedMlp(), hub.Activation("hidden_act", "silu"));
        MixtureOfExpertsConfig sparse = new(hub.Size("moe_intermediate_size", 1408), mixture.Experts, activation, new SoftmaxRouter(mixture.Chosen, hub.Flag("norm_topk_prob", false)))
        {
            Shared = new(hub.Size("shared_expert_intermediate_size", 5632), activation),
            SharedGate = true,
        };
        return shape.Model(Ids[0], norm, tied: false, i => new() { Ln1 = norm, Mixer = attention with { Window = windows[i] }, Ln2 = norm, Mlp = isSparse(i) ? sparse : dense });
    }
}
