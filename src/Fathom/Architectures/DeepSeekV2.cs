using Fathom.Configuration;

namespace Fathom.Architectures;

/// <summary>DeepSeek-V2 and V2-Lite: latent attention, experts chosen by softmax, within the best groups where the config says so.</summary>
/// <remarks>Source: DeepSeek-AI 2024 (arXiv:2405.04434).</remarks>
public sealed class DeepSeekV2 : DeepSeekLike
{
    /// <inheritdoc/>
    public override IReadOnlyList<string> Ids => ["DeepseekV2ForCausalLM", "DeepseekV2Model"];

    /// <inheritdoc/>
    public override string Family => "DeepSeek-V2";

    /// <inheritdoc/>
    protected override IReadOnlyList<string> InertKeys => ["ep_size", "scoring_func", "seq_aux", "aux_loss_alpha", "norm_topk_prob", "n_group", "topk_group"];

    /// <inheritdoc/>
    protected override ModelConfig Read(HubConfig hub)
    {
        hub.Require("mlp_bias", "false");
        return Read(hub, Router, adjacentPairs: true, dense: 0);
    }

    private static SoftmaxRouter Router(MixtureReader mixture)
    {
        var hub = mixture.Hub;
        var groups = hub.Text("topk_method", "greedy") switch
        {
            "greedy" => null,
            "group_limited_greedy" => mixture.Groups(best: 1),
            var other => throw new ConfigException(hub.Source, ["topk_method"], $"'topk_method' is '{other}'; DeepSeek-V2 knows greedy and group_limited_greedy."),
        };
        return new(mixture.Chosen, false, hub.Number("routed_scaling_factor", 1), groups);
    }
}
