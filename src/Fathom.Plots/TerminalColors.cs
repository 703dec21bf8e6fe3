namespace Fathom.Plots;

/// <summary>What a terminal can colour.</summary>
public enum TerminalColors
{
    /// <summary>No colour; shades are characters.</summary>
    None,

    /// <summary>The 256 colours of xterm.</summary>
    Ansi256,

    /// <summary>24-bit colour.</summary>
    TrueColor,
}
