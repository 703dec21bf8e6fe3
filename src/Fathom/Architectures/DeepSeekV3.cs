using Fathom.Configuration;

namespace Fathom.Architectures;

/// <summary>DeepSeek-V3 and R1: latent attention, experts chosen by sigmoid with a correction, within the best groups.</summary>
/// <remarks>Source: DeepSeek-AI 2024 (arXiv:2412.19437).</remarks>
public sealed class DeepSeekV3 : DeepSeekLike
{
    /// <inheritdoc/>
    public override IReadOnlyList<string> Ids => ["DeepseekV3ForCausalLM", "DeepseekV3Model"];

    /// <inheritdoc/>
    public override string Family => "DeepSeek-V3";

    /// <inheritdoc/>
    /// <remarks>The layer that predicts a second token follows the last one.</remarks>
    public override IReadOnlyList<string> StaleTensors => [.. base.StaleTensors, "model.layers.61.*"];

    /// <inheritdoc/>
    protected override IReadOnlyList<string> InertKeys => ["ep_size", "scoring_func", "seq_aux", "aux_loss_alpha", "topk_method", "num_nextn_predict_layers"];

    /// <inheritdoc/>
    protected override ModelConfig Read(HubConfig hub) =>
        Read(hub, mixture => mixture.Sigmoid(renormalized: true, factor: 2.5), adjacentPairs: hub.Flag("rope_interleave", true), dense: 3);
}
