using Fathom.Configuration;

namespace Fathom.Architectures;

/// <summary>BART: learned positions with two leading rows, a norm on the embedding, norms on the stream after each sublayer.</summary>
/// <remarks>Source: Lewis et al. 2019 (arXiv:1910.13461).</remarks>
public sealed class Bart : BartLike
{
    /// <inheritdoc/>
    public override IReadOnlyList<string> Ids => ["BartForConditionalGeneration", "BartModel"];

    /// <inheritdoc/>
    public override string Family => "BART";

    /// <inheritdoc/>
    private protected override bool NormOnStream => true;

    /// <inheritdoc/>
    private protected override bool NormalizeEmbedding => true;

    /// <inheritdoc/>
    private protected override PositionConfig Positions(HubConfig hub) => new LearnedPositions(Offset: 2);
}
