using Fathom.Configuration;

namespace Fathom.Architectures;

/// <summary>Pegasus: fixed sines and cosines as positions, norms before each sublayer, a norm at the end of each stack.</summary>
/// <remarks>Source: Zhang et al. 2019 (arXiv:1912.08777).</remarks>
public sealed class Pegasus : BartLike
{
    /// <inheritdoc/>
    public override IReadOnlyList<string> Ids => ["PegasusForConditionalGeneration", "PegasusModel"];

    /// <inheritdoc/>
    public override string Family => "Pegasus";

    /// <inheritdoc/>
    private protected override bool NormOnStream => false;

    /// <inheritdoc/>
    private protected override bool NormalizeEmbedding => false;

    /// <inheritdoc/>
    private protected override PositionConfig Positions(HubConfig hub) => new SinusoidalPositions(Offset: 0, Divisor: hub.Size("d_model") / 2.0);
}
