namespace Fathom.Cli;

/// <summary>How many colours standard output can show.</summary>
internal enum ColorDepth
{
    /// <summary>Plain text.</summary>
    None,

    /// <summary>The 256-colour palette.</summary>
    Palette,

    /// <summary>24 bits.</summary>
    True,
}
