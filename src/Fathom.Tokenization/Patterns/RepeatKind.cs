namespace Fathom.Tokenization.Patterns;

/// <summary>How a repetition chooses its count.</summary>
internal enum RepeatKind
{
    /// <summary>As many as possible first.</summary>
    Greedy,

    /// <summary>As few as possible first.</summary>
    Lazy,

    /// <summary>As many as possible, never fewer.</summary>
    Possessive,
}
