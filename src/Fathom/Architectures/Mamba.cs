using Fathom.Configuration;

namespace Fathom.Architectures;

/// <summary>Mamba: selective state-space mixers and nothing else.</summary>
/// <remarks>Source: Gu and Dao 2023 (arXiv:2312.00752).</remarks>
public sealed class Mamba : MambaLike
{
    /// <inheritdoc/>
    public override IReadOnlyList<string> Ids => ["MambaForCausalLM", "MambaModel"];

    /// <inheritdoc/>
    public override string Family => "Mamba";

    private protected override IEnumerable<WeightRule> MixerWeights(ModelConfig config) => SelectiveScan(config);

    /// <inheritdoc/>
    protected override ModelConfig Read(HubConfig hub) => Model(hub, SelectiveScan(hub), tied: true);
}
