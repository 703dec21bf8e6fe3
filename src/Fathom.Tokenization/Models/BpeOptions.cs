namespace Fathom.Tokenization.Models;

/// <summary>The switches of a byte-pair model.</summary>
internal sealed record BpeOptions
{
    /// <summary>The token for characters the vocabulary does not hold.</summary>
    public string? UnkToken { get; init; }

    /// <summary>Put before every symbol but a word's first when looking it up (<c>##</c>).</summary>
    public string ContinuingSubwordPrefix { get; init; } = "";

    /// <summary>Put after a word's last symbol when looking it up (<c>&lt;/w&gt;</c>).</summary>
    public string EndOfWordSuffix { get; init; } = "";

    /// <summary>Neighbouring unknown characters become one token.</summary>
    public bool FuseUnk { get; init; }

    /// <summary>Unknown characters become <c>&lt;0xNN&gt;</c> tokens if all of theirs exist.</summary>
    public bool ByteFallback { get; init; }

    /// <summary>A piece that is a token as a whole is taken as it is.</summary>
    public bool IgnoreMerges { get; init; }
}
