namespace Fathom.Tokenization.Files;

/// <summary>What the files beside a tokenizer say: which tokens begin, end and pad a text, and how chats are written.</summary>
internal sealed record TokenizerSettings
{
    /// <summary>Begins a text.</summary>
    public string? BosToken { get; init; }

    /// <summary>Ends a text.</summary>
    public string? EosToken { get; init; }

    /// <summary>Fills up a batch.</summary>
    public string? PadToken { get; init; }

    /// <summary>Stands for what the vocabulary does not hold.</summary>
    public string? UnkToken { get; init; }

    /// <summary>The Jinja source of the chat template.</summary>
    public string? ChatTemplate { get; init; }
}
