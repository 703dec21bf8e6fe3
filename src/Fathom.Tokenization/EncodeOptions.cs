namespace Fathom.Tokenization;

/// <summary>What happens to a text's tokens after the model made them.</summary>
public sealed record EncodeOptions
{
    /// <summary>With special tokens, no truncation, no padding.</summary>
    public static EncodeOptions Default { get; } = new();

    /// <summary>Whether the file's template puts its special tokens (BOS, <c>[CLS]</c>, ...) around the text.</summary>
    public bool AddSpecialTokens { get; init; } = true;

    /// <summary>How long sequences are cut; <see langword="null"/>: not at all.</summary>
    public Truncation? Truncation { get; init; }

    /// <summary>How short sequences are filled up; <see langword="null"/>: not at all.</summary>
    public Padding? Padding { get; init; }
}
