namespace Fathom.Tokenization;

/// <summary>A side of a sequence in reading order of its ids.</summary>
public enum Side
{
    /// <summary>The end.</summary>
    Right,

    /// <summary>The beginning.</summary>
    Left,
}
