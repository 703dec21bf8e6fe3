using Fathom.Configuration;

namespace Fathom.Architectures;

/// <summary>Qwen3-Next: gated delta nets and gated attention with many small experts and a gated one that all tokens use.</summary>
public sealed class Qwen3Next : QwenHybrid
{
    /// <inheritdoc/>
    public override IReadOnlyList<string> Ids => ["Qwen3NextForCausalLM", "Qwen3NextModel"];

    /// <inheritdoc/>
    public override string Family => "Qwen3-Next";

    /// <inheritdoc/>
    public override IReadOnlyList<WeightRule> Weights(ModelConfig config) =>
    [
        .. base.Weights(config),
        .. MixtureTensors.Usual(),
        .. MixtureTensors.Shared("model.layers.{i}.mlp.shared_expert"),
        new("blocks.{i}.mlp.W_shared_gate", "model.layers.{i}.mlp.shared_expert_gate.weight", "one d_model -> d_model one"),
    ];

    private protected override IEnumerable<WeightRule> Projections =>
    [
        // For each key head: its query and key, then the values and the gates of its group.
        Row("W_Q W_K W_V W_gate", "in_proj_qkvz.weight", "(n_groups rows) d_model -> rows n_groups d_model",
            "d_key n_groups d_model -> n_groups d_model d_key", "d_key n_groups d_model -> n_groups d_model d_key",
            "(group d_value) n_groups d_model -> (n_groups group) d_model d_value", "(group d_value) n_groups d_model -> (n_groups group) d_model d_value"),
        Row("W_beta W_decay", "in_proj_ba.weight", "(n_groups rows) d_model -> rows n_groups d_model", "group n_groups d_model -> d_model (n_groups group)", "group n_groups d_model -> d_model (n_groups group)"),
    ];

    /// <inheritdoc/>
    protected override ModelConfig Read(HubConfig hub)
    {
        MixtureReader mixture = new(hub) { ExpertsIfAbsent = 512, ChosenIfAbsent = 10 };
        var activation = hub.Activation("hidden_act", "silu");
        var isSparse = mixture.SparseInQwen();
        GatedMlpConfig dense = new(hub.Size("intermediate_size", 5632), activation);
        MixtureOfExpertsConfig sparse = new(hub.Size("moe_intermediate_size", 512), mixture.Experts, activation, new SoftmaxRouter(mixture.Chosen, hub.Flag("norm_topk_prob", true)))
        {
            Shared = new(hub.Size("shared_expert_intermediate_size", 512), activation),
            SharedGate = true,
        };
        return Model(hub, i => isSparse(i) ? sparse : dense);
    }
}
