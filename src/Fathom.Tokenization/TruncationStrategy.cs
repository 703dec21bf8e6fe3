namespace Fathom.Tokenization;

/// <summary>Which of the two texts of a pair gives up tokens.</summary>
public enum TruncationStrategy
{
    /// <summary>The longer one first.</summary>
    LongestFirst,

    /// <summary>Only the first.</summary>
    OnlyFirst,

    /// <summary>Only the second; an error where there is none.</summary>
    OnlySecond,
}
