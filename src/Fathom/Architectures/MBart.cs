using Fathom.Configuration;

namespace Fathom.Architectures;

/// <summary>mBART: BART with norms before each sublayer, a norm at the end of each stack, and word vectors times <c>√d_model</c>.</summary>
/// <remarks>Source: Liu et al. 2020 (arXiv:2001.08210).</remarks>
public sealed class MBart : BartLike
{
    /// <inheritdoc/>
    public override IReadOnlyList<string> Ids => ["MBartForConditionalGeneration", "MBartModel"];

    /// <inheritdoc/>
    public override string Family => "mBART";

    /// <inheritdoc/>
    private protected override bool NormOnStream => false;

    /// <inheritdoc/>
    private protected override bool NormalizeEmbedding => true;

    /// <inheritdoc/>
    private protected override PositionConfig Positions(HubConfig hub) => new LearnedPositions(Offset: 2);
}
