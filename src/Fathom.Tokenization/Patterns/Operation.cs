namespace Fathom.Tokenization.Patterns;

/// <summary>What a step of a compiled pattern does.</summary>
internal enum Operation
{
    /// <summary>Takes one scalar of a set.</summary>
    Set,

    /// <summary>Takes as many scalars of a set as there are, and gives them back one by one.</summary>
    Run,

    /// <summary>As <see cref="Run"/>, giving nothing back.</summary>
    RunOnly,

    /// <summary>Tries one way, then another.</summary>
    Split,

    /// <summary>Goes elsewhere.</summary>
    Jump,

    /// <summary>Tests the place.</summary>
    Assert,

    /// <summary>Tests what follows.</summary>
    LookAhead,

    /// <summary>Tests what comes before.</summary>
    LookBehind,

    /// <summary>Matches a sub-pattern one way only.</summary>
    Atomic,

    /// <summary>Takes one grapheme cluster.</summary>
    Cluster,

    /// <summary>The end: of the pattern, or of a sub-pattern.</summary>
    Match,
}
