using System.Collections.Immutable;
using Fathom.Tokenization.Files;
using Fathom.Tokenization.Models;
using Fathom.Tokenization.PostProcessors;

namespace Fathom.Tokenization.Formats;

/// <summary>The tokens of a GGUF file with their kinds, scores and roles.</summary>
internal sealed class GgufTokens
{
    private const int Unknown = 2;
    private const int Control = 3;
    private const int UserDefined = 4;

    private readonly GgufMetadata _metadata;
    private readonly string[] _tokens;
    private readonly long[]? _types;

    private GgufTokens(GgufMetadata metadata, string[] tokens, long[]? types, double[]? scores, Vocabulary vocabulary)
    {
        _metadata = metadata;
        _tokens = tokens;
        _types = types;
        Scores = scores;
        Vocabulary = vocabulary;
    }

    /// <summary>Tokens and ids.</summary>
    public Vocabulary Vocabulary { get; }

    /// <summary>Scores by id, or null.</summary>
    public double[]? Scores { get; }

    /// <summary>How many.</summary>
    public int Count => _tokens.Length;

    /// <summary>Reads the lists and checks that they agree.</summary>
    /// <param name="metadata">The metadata.</param>
    /// <param name="spell">How the tokenizer spells a token of the file, by its type.</param>
    public static GgufTokens Read(GgufMetadata metadata, Func<string, long, string>? spell = null)
    {
        var tokens = metadata.Texts("tokens") ?? throw metadata.Error("tokens", "the list of tokens is missing.");
        var types = metadata.Integers("token_type");
        var scores = metadata.Reals("scores");
        CheckLength(metadata, "token_type", types?.Length, tokens.Length);
        CheckLength(metadata, "scores", scores?.Length, tokens.Length);
        VocabularyBuilder builder = new();
        for (var id = 0; id < tokens.Length; id++)
        {
            tokens[id] = spell?.Invoke(tokens[id], types?[id] ?? 1) ?? tokens[id];
            builder.Add(tokens[id], id);
            if (builder.Count <= id)
            {
                throw metadata.Error($"tokens[{id}]", $"the token \"{tokens[id]}\" is in the list twice.");
            }
        }
        return new GgufTokens(metadata, tokens, types, scores, builder.Build());
    }

    /// <summary>The token with a role (<c>bos</c>, <c>eos</c>), or null.</summary>
    public string? Role(string name) => RoleId(name) is { } id ? _tokens[id] : null;

    /// <summary>The id with a role, or null.</summary>
    public int? RoleId(string name) => _metadata.Id(name + "_token_id", _tokens.Length);

    /// <summary>The token for what the vocabulary does not hold, by its role or by its type.</summary>
    public string? UnknownToken => Role("unknown") ?? (Array.FindIndex(_types ?? [], t => t == Unknown) is >= 0 and var id ? _tokens[id] : null);

    /// <summary>The token of an id.</summary>
    public string this[int id] => _tokens[id];

    /// <summary>Whether a token is an ordinary piece of text.</summary>
    public bool IsNormal(int id) => (_types?[id] ?? 1) == 1;

    /// <summary>Control and unknown tokens are special; user-defined ones are only found whole.</summary>
    public IReadOnlyList<AddedToken> AddedTokens()
    {
        List<AddedToken> added = [];
        for (var id = 0; id < _tokens.Length; id++)
        {
            if (_types?[id] is Unknown or Control or UserDefined && _tokens[id].Length > 0)
            {
                added.Add(new AddedToken(id, _tokens[id]) { Special = _types[id] != UserDefined });
            }
        }
        return added;
    }

    /// <summary>Begin and end of a text as the switches ask for them; null if there is nothing to add.</summary>
    public PostProcessor? Template(bool addBos)
    {
        var bos = Wanted("add_bos_token", "bos", addBos);
        var eos = Wanted("add_eos_token", "eos", false);
        return bos is null && eos is null ? null : Templates.Surround(bos, eos);
    }

    /// <summary>Roles and chat template.</summary>
    public TokenizerSettings Settings() => new()
    {
        BosToken = Role("bos"),
        EosToken = Role("eos"),
        PadToken = Role("padding"),
        UnkToken = UnknownToken,
        SpecialTokens = new (string Name, string? Token)[] { ("bos_token", Role("bos")), ("eos_token", Role("eos")), ("pad_token", Role("padding")), ("unk_token", UnknownToken), ("cls_token", Role("cls")), ("sep_token", Role("seperator")), ("mask_token", Role("mask")) }
            .Where(t => t.Token is not null).ToImmutableDictionary(t => t.Name, t => t.Token!),
        ChatTemplates = _metadata.ChatTemplates(),
        StopIds = [.. new[] { RoleId("eos"), RoleId("eot"), RoleId("eom") }.OfType<int>().Distinct()],
    };

    private int? Wanted(string flag, string role, bool ifAbsent)
    {
        if (!_metadata.Flag(flag, ifAbsent))
        {
            return null;
        }
        return RoleId(role) ?? throw _metadata.Error(flag, $"the switch is on, but {role}_token_id is missing.");
    }

    private static void CheckLength(GgufMetadata metadata, string key, int? length, int tokens)
    {
        if (length is { } found && found != tokens)
        {
            throw metadata.Error(key, $"the list has {found} entries, but there are {tokens} tokens.");
        }
    }
}
