using Fathom.Configuration;

namespace Fathom.Architectures;

/// <summary>Qwen 3.5: gated delta nets and gated attention with dense MLPs.</summary>
public sealed class Qwen35 : QwenHybrid
{
    /// <inheritdoc/>
    public override IReadOnlyList<string> Ids => ["Qwen3_5ForCausalLM", "Qwen3_5TextModel"];

    /// <inheritdoc/>
    public override string Family => "Qwen3.5";

    private protected override IEnumerable<WeightRule> Projections =>
    [
        Row("W_Q W_K W_V", "in_proj_qkv.weight", "", "(n_groups d_key) d_model -> n_groups d_model d_key", "(n_groups d_key) d_model -> n_groups d_model d_key", "(mixer_head d_value) d_model -> mixer_head d_model d_value"),
        Row("W_gate", "in_proj_z.weight", "(mixer_head d_value) d_model -> mixer_head d_model d_value"),
        Row("W_beta", "in_proj_b.weight", "mixer_head d_model -> d_model mixer_head"),
        Row("W_decay", "in_proj_a.weight", "mixer_head d_model -> d_model mixer_head"),
    ];

    /// <inheritdoc/>
    protected override ModelConfig Read(HubConfig hub)
    {
        GatedMlpConfig mlp = new(hub.Size("intermediate_size"), hub.Activation("hidden_act", "silu"));
        return Model(hub, _ => mlp);
    }
}
