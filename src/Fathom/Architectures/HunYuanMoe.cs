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
    protected override IReadOnlyList<string> InertKeys =>
    [
        "eod_token_id", "im_start_id", "im_end_id", "pad_id", "mask_init_id", "org_vocab_size", "add_classification_head", "class_num", "pool_type", "cla_share_factor",
        "moe_drop_tokens", "moe_random_routing_dropped_token", "use_mixed_mlp_moe", "sep_token_id",
    ];

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
        foreach (var (key, value) in new[] { ("use_cla", "false"), ("use_mla", "false"), ("use_qk_norm", "true"), ("use_rotary_pos_emb", "true"), ("position_embedding_xdrope", "false"), ("norm_type", "\"rms\""), ("mlp_bias", "false"), ("moe_layer_num_skipped", "0"), ("group_limited_greedy", "false"), ("norm_topk_prob", "true") })
        {
            hub.Require(key, value);
        }

        DecoderShape shape = new(hub);
        MixtureReader mixture = new(hub) { ExpertsIfAbsent = 1 };
        var chosen = mixture.PerLayer("moe_topk", shape.Layers, ifAbsent: 1, most: mixture.Experts);
        mixture.RequireAll("moe_intermediate_size", shape.MlpWidth);
        mixture.RequireAll("num_shared_expert", 1);
        RmsNormConfig norm = new(hub.Number("rms_norm_eps", 1e-5));
        var (bias, activation) = (hub.Flag("attention_bias", false), hub.Activation("hidden_act", "silu"));
        return shape.Model(Ids[0], norm, tied: false, i => new()
        {
            Ln1 = norm,
            Mixer = shape.Attention(new RotaryReader(hub, shape.HeadWidth) { HasAlpha = true }.Read()) with
            {
                QkvBias = bias,
                OutputBias = bias,
                QueryKeyNorm = new(norm, QueryKeyNormScope.HeadSharedGain, AfterRotary: true),
            },
            Ln2 = norm,
            Mlp = new MixtureOfExpertsConfig(shape.MlpWidth, mixture.Experts, activation, new SoftmaxRouter(chosen[i], Renormalized: true)) { Shared = new(shape.MlpWidth, activation) },
        });
    }
}
