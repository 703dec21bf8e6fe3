using Fathom.Configuration;

namespace Fathom.Architectures;

/// <summary>Falcon Mamba: Mamba with weightless norms of steps and of input and output maps.</summary>
/// <remarks>Source: Zuo et al. 2024 (arXiv:2410.05355).</remarks>
public sealed class FalconMamba : MambaLike
{
    /// <inheritdoc/>
    public override IReadOnlyList<string> Ids => ["FalconMambaForCausalLM", "FalconMambaModel"];

    /// <inheritdoc/>
    public override string Family => "Falcon Mamba";

    private protected override IEnumerable<WeightRule> MixerWeights(ModelConfig config) => SelectiveScan(config);

    /// <inheritdoc/>
    protected override ModelConfig Read(HubConfig hub) =>
        Model(hub, SelectiveScan(hub) with { InnerNorm = new RmsNormConfig(hub.Number("mixer_rms_eps", 1e-6), Gain: false) }, tied: true);
}
