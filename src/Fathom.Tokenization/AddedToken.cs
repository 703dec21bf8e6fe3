namespace Fathom.Tokenization;

/// <summary>A token found in the text before the model sees it.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Content">Its text.</param>
public sealed record AddedToken(int Id, string Content)
{
    /// <summary>Found only where neither neighbour is a word character (<c>\w</c>).</summary>
    public bool SingleWord { get; init; }

    /// <summary>Takes the white space on its left into itself.</summary>
    public bool StripLeft { get; init; }

    /// <summary>Takes the white space on its right into itself.</summary>
    public bool StripRight { get; init; }

    /// <summary>Looked for in the normalized text (its own content normalized too) instead of the raw text.</summary>
    public bool Normalized { get; init; }

    /// <summary>Left out when decoding skips special tokens; it changes nothing else.</summary>
    public bool Special { get; init; }
}
