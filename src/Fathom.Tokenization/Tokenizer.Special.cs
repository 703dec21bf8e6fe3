using System.Collections.Immutable;

namespace Fathom.Tokenization;

public sealed partial class Tokenizer
{
    /// <summary>The token that begins a text, where the files name one.</summary>
    public string? BosToken => _parts.Settings.BosToken;

    /// <summary>The token that ends a text, where the files name one.</summary>
    public string? EosToken => _parts.Settings.EosToken;

    /// <summary>The token that fills up a batch: the configuration's, or that of the tokenizer's own padding block.</summary>
    public string? PadToken => _parts.Settings.PadToken ?? _parts.Padding?.Token;

    /// <summary>The token for what the vocabulary does not hold: the configuration's, or the model's own.</summary>
    public string? UnkToken => _parts.Settings.UnkToken ?? _parts.Model.UnkToken;

    /// <summary>The id of <see cref="BosToken"/>.</summary>
    public int? BosId => IdOf(BosToken);

    /// <summary>The id of <see cref="EosToken"/>.</summary>
    public int? EosId => IdOf(EosToken);

    /// <summary>The id of <see cref="PadToken"/>.</summary>
    public int? PadId => IdOf(PadToken);

    /// <summary>The id of <see cref="UnkToken"/>.</summary>
    public int? UnkId => IdOf(UnkToken);

    /// <summary>The special tokens that the files name, by their key there: <c>bos_token</c>, <c>cls_token</c>, <c>mask_token</c>, ...</summary>
    public IReadOnlyDictionary<string, string> SpecialTokens => _parts.Settings.SpecialTokens;

    /// <summary>The ids that encoding puts before one text when special tokens are added.</summary>
    public ImmutableArray<int> PrefixIds { get; }

    /// <summary>The ids that encoding puts after one text when special tokens are added.</summary>
    public ImmutableArray<int> SuffixIds { get; }

    /// <summary>Whether encoding puts BOS before a text when special tokens are added, so that it must not be put there again.</summary>
    public bool AddsBos => BosId is { } id && PrefixIds.Contains(id);

    /// <summary>Whether encoding puts EOS after a text when special tokens are added.</summary>
    public bool AddsEos => EosId is { } id && SuffixIds.Contains(id);

    /// <summary>The ids that end generation: those of <c>generation_config.json</c>, or <see cref="EosId"/>.</summary>
    public ImmutableArray<int> StopIds => !_parts.Settings.StopIds.IsEmpty ? _parts.Settings.StopIds : EosId is { } id ? [id] : [];

    /// <summary>The longest text the model takes, in tokens, where the files say it.</summary>
    public int? ModelMaxLength => _parts.Settings.ModelMaxLength;

    /// <summary>The Jinja source of the default chat template, where there is one. Text rendered by it already holds its special tokens: encode it without adding any.</summary>
    public string? ChatTemplate => _parts.Settings.ChatTemplates.GetValueOrDefault("default");

    /// <summary>The Jinja sources of all chat templates, by name.</summary>
    public IReadOnlyDictionary<string, string> ChatTemplates => _parts.Settings.ChatTemplates;

    private int? IdOf(string? token) => token is null ? null : TokenToId(token);
}
