namespace Fathom.Tokenization;

/// <summary>How a sequence that is too long is cut; nothing is cut unless asked for.</summary>
/// <param name="MaxLength">Most tokens kept, special tokens included.</param>
public sealed record Truncation(int MaxLength)
{
    /// <summary>Which of the two texts of a pair gives up tokens.</summary>
    public TruncationStrategy Strategy { get; init; } = TruncationStrategy.LongestFirst;

    /// <summary>How many tokens each overflowing part repeats of the part before it.</summary>
    public int Stride { get; init; }

    /// <summary>The side from which tokens are taken away.</summary>
    public Side Direction { get; init; } = Side.Right;
}
