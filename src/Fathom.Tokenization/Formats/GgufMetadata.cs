using System.Collections;
using System.Collections.Immutable;
using System.Globalization;

namespace Fathom.Tokenization.Formats;

/// <summary>The tokenizer's part of a GGUF file's metadata, read with its types checked.</summary>
internal sealed class GgufMetadata(IReadOnlyDictionary<string, object?> values, string source)
{
    /// <summary>What most keys begin with.</summary>
    public const string Prefix = "tokenizer.ggml.";

    private const string Template = "tokenizer.chat_template";

    private static readonly HashSet<string> Known =
    [
        "model", "pre", "tokens", "scores", "token_type", "merges", "token_type_count", "precompiled_charsmap", "remove_extra_whitespaces",
        "add_bos_token", "add_eos_token", "add_sep_token", "add_space_prefix",
    ];

    /// <summary>What to call the file in messages.</summary>
    public string Source => source;

    /// <summary>Refuses tokenizer keys that nobody here knows: they may change what a text becomes.</summary>
    public void RefuseUnknownKeys()
    {
        foreach (var key in values.Keys)
        {
            if (key.StartsWith(Prefix, StringComparison.Ordinal)
                && !Known.Contains(key[Prefix.Length..])
                && !key.EndsWith("_token_id", StringComparison.Ordinal) && !key.EndsWith("_token_ids", StringComparison.Ordinal))
            {
                throw Error(key[Prefix.Length..], "this key is not known. If it does not change the tokens of a text, leave it out of the dictionary.");
            }
        }
    }

    /// <summary>Text under a key, or null.</summary>
    public string? Text(string key) => Find(key) switch
    {
        null => null,
        string text => text,
        var other => throw Wrong(key, "text", other),
    };

    /// <summary>The chat templates by name; the unnamed one is <c>default</c>.</summary>
    public ImmutableDictionary<string, string> ChatTemplates() => values.Keys
        .Where(k => k == Template || k.StartsWith(Template + ".", StringComparison.Ordinal))
        .ToImmutableDictionary(k => k == Template ? "default" : k[(Template.Length + 1)..], k => Text(k)!);

    /// <summary>A switch under a key.</summary>
    public bool Flag(string key, bool ifAbsent) => Find(key) switch
    {
        null => ifAbsent,
        bool flag => flag,
        var other => throw Wrong(key, "a boolean", other),
    };

    /// <summary>A token's id under a key; null if absent.</summary>
    /// <exception cref="TokenizerFormatException">It is no id of the vocabulary.</exception>
    public int? Id(string key, int tokens)
    {
        if (Find(key) is not { } value)
        {
            return null;
        }
        var id = Integer(key, value);
        return id >= 0 && id < tokens ? (int)id : throw Error(key, $"the id {id} is out of range: the vocabulary has {tokens} tokens.");
    }

    /// <summary>A list of texts under a key, or null.</summary>
    public string[]? Texts(string key) => Items(key)?.Select((item, i) => item as string ?? throw Wrong($"{key}[{i}]", "text", item)).ToArray();

    /// <summary>A list of whole numbers under a key, or null.</summary>
    public long[]? Integers(string key) => Items(key)?.Select((item, i) => Integer($"{key}[{i}]", item)).ToArray();

    /// <summary>A list of real numbers under a key, or null.</summary>
    public double[]? Reals(string key) => Items(key)?.Select((item, i) => item switch
    {
        float number when float.IsFinite(number) => number,
        double number when double.IsFinite(number) => number,
        _ => throw Wrong($"{key}[{i}]", "a finite number", item),
    }).ToArray();

    /// <summary>A list of bytes, signed or not, under a key, or null.</summary>
    public byte[]? Bytes(string key) => Integers(key)?.Select((b, i) => b is >= -128 and <= 255 ? unchecked((byte)b) : throw Error($"{key}[{i}]", $"{b} is no byte.")).ToArray();

    /// <summary>An error about a key.</summary>
    public TokenizerFormatException Error(string key, string problem) => new(source, key.StartsWith("tokenizer.", StringComparison.Ordinal) ? key : Prefix + key, problem);

    private object? Find(string key) => values.GetValueOrDefault(key.StartsWith("tokenizer.", StringComparison.Ordinal) ? key : Prefix + key);

    private IEnumerable<object?>? Items(string key) => Find(key) switch
    {
        null => null,
        string text => throw Wrong(key, "a list", text),
        IEnumerable items => items.Cast<object?>(),
        var other => throw Wrong(key, "a list", other),
    };

    private long Integer(string key, object? value) => value switch
    {
        byte or sbyte or short or ushort or int or uint or long => Convert.ToInt64(value, CultureInfo.InvariantCulture),
        ulong number when number <= long.MaxValue => (long)number,
        _ => throw Wrong(key, "a whole number", value),
    };

    private TokenizerFormatException Wrong(string key, string expected, object? found) => Error(key, $"expected {expected}, found {found switch { null => "null", string text => $"\"{(text.Length > 40 ? text[..40] + "..." : text)}\"", _ => found.GetType().Name }}.");
}
