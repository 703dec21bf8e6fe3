namespace Fathom.Configuration;

/// <summary>What a query or key norm takes its statistics over, and how its gain is shared.</summary>
public enum QueryKeyNormScope
{
    /// <summary>Each head by itself, one gain of width <c>d_head</c> for all heads.</summary>
    HeadSharedGain,

    /// <summary>Each head by itself, its own gain.</summary>
    HeadOwnGain,

    /// <summary>All heads together, before they are split.</summary>
    FullWidth,
}
