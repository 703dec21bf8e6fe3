using System.Collections.Immutable;

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

    /// <summary>The other special tokens that the files name: <c>cls_token</c>, <c>mask_token</c>, ...</summary>
    public ImmutableDictionary<string, string> SpecialTokens { get; init; } = ImmutableDictionary<string, string>.Empty;

    /// <summary>The Jinja sources of chat templates by name; <c>default</c> is the usual one.</summary>
    public ImmutableDictionary<string, string> ChatTemplates { get; init; } = ImmutableDictionary<string, string>.Empty;

    /// <summary>Tokens that <c>added_tokens_decoder</c> or <c>added_tokens.json</c> name.</summary>
    public ImmutableArray<AddedToken> AddedTokens { get; init; } = [];

    /// <summary>Whether BOS is put before a text, where the file says so.</summary>
    public bool? AddBosToken { get; init; }

    /// <summary>Whether EOS is put after a text, where the file says so.</summary>
    public bool? AddEosToken { get; init; }

    /// <summary>The transformers class that the files are for.</summary>
    public string? TokenizerClass { get; init; }

    /// <summary>The longest text the model takes, in tokens.</summary>
    public int? ModelMaxLength { get; init; }

    /// <summary>The ids that end generation, from <c>generation_config.json</c>.</summary>
    public ImmutableArray<int> StopIds { get; init; } = [];

    /// <summary>Whether a space is put before the text, for tokenizers without <c>tokenizer.json</c>.</summary>
    public bool AddPrefixSpace { get; init; }

    /// <summary>Lower case, for tokenizers in <c>vocab.txt</c>.</summary>
    public bool DoLowerCase { get; init; } = true;

    /// <summary>Accents dropped, for tokenizers in <c>vocab.txt</c>; <see langword="null"/>: as lower case.</summary>
    public bool? StripAccents { get; init; }

    /// <summary>Chinese characters spaced, for tokenizers in <c>vocab.txt</c>.</summary>
    public bool TokenizeChineseChars { get; init; } = true;

    /// <summary>Whether Llama's first way of putting spaces is kept, for tokenizers in <c>tokenizer.model</c>; so unless the file says otherwise.</summary>
    public bool Legacy { get; init; } = true;

    /// <summary>How many sentinel tokens T5 has, for tokenizers in <c>spiece.model</c>.</summary>
    public int ExtraIds { get; init; } = 100;

    /// <summary>These settings, with what another file knows where they are silent.</summary>
    public TokenizerSettings Over(TokenizerSettings other) => this with
    {
        BosToken = BosToken ?? other.BosToken,
        EosToken = EosToken ?? other.EosToken,
        PadToken = PadToken ?? other.PadToken,
        UnkToken = UnkToken ?? other.UnkToken,
        SpecialTokens = other.SpecialTokens.SetItems(SpecialTokens),
    };
}
