namespace Fathom.Attribution;

/// <summary>Which sublayers' outputs a decomposition holds.</summary>
public enum Sublayers
{
    /// <summary>Mixers and MLPs.</summary>
    All,

    /// <summary>Attention, or the recurrence in its place.</summary>
    Attn,

    /// <summary>MLPs.</summary>
    Mlp,
}
