using System.Text.Json;
using Fathom.Configuration;
using Fathom.Hooks;

namespace Fathom.Architectures;

/// <summary>A config.json that remembers which keys were read, so that none is ignored in silence.</summary>
public sealed class HubConfig
{
    private readonly JsonElement _json;
    private readonly string _path;
    private readonly HashSet<string> _read = new(StringComparer.Ordinal);
    private readonly List<HubConfig> _sections = [];
    private JsonElement _defaults;

    internal HubConfig(JsonElement json, string source, string path = "")
    {
        Source = source;
        _path = path;
        _json = json.ValueKind == JsonValueKind.Object ? json : throw Wrong(path.TrimEnd('.'), "an object", json);
    }

    /// <summary>Where the config came from.</summary>
    public string Source { get; }

    /// <summary>The path of this object within the config, e.g. <c>rope_scaling</c>; empty for the config itself.</summary>
    public string Name => _path.TrimEnd('.');

    /// <summary>The full path of a key.</summary>
    public string Full(string key) => _path + key;

    /// <summary>Whether <paramref name="key"/> is present and not null.</summary>
    public bool Has(string key) => Find(key) is not null;

    /// <summary>Whether <paramref name="key"/> is present and null, which is not the same as absent.</summary>
    public bool IsNull(string key)
    {
        _read.Add(key);
        return _json.TryGetProperty(key, out var value) && value.ValueKind == JsonValueKind.Null;
    }

    /// <summary>Reads a whole number.</summary>
    /// <param name="key">The key.</param>
    /// <param name="ifAbsent">What the reference implementation assumes when the key is absent or null; without it the key is required.</param>
    /// <exception cref="ConfigException">The key is missing or no whole number.</exception>
    public int Count(string key, int? ifAbsent = null) => Find(key) switch
    {
        null => ifAbsent ?? throw Missing(key),
        { ValueKind: JsonValueKind.Number } v when v.TryGetInt32(out var n) => n,
        { } v => throw Wrong(key, "a whole number", v),
    };

    /// <summary>Reads a token id; absent, null and negative mean none.</summary>
    /// <param name="key">The key.</param>
    /// <exception cref="ConfigException">The key is no whole number.</exception>
    public int? Token(string key) => Has(key) && Count(key) is >= 0 and var id ? id : null;

    /// <summary>Reads a whole number that must be at least one.</summary>
    /// <inheritdoc cref="Count"/>
    public int Size(string key, int? ifAbsent = null) =>
        Count(key, ifAbsent) is > 0 and var n && n <= Most(key) ? n : throw new ConfigException(Source, [_path + key], $"'{_path}{key}' is {Count(key, ifAbsent)}; it must be from 1 to {Most(key)}.");

    /// <summary>Reads a real number.</summary>
    /// <inheritdoc cref="Count"/>
    public double Number(string key, double? ifAbsent = null) => Find(key) switch
    {
        null => ifAbsent ?? throw Missing(key),
        { ValueKind: JsonValueKind.Number } v when v.TryGetDouble(out var d) && double.IsFinite(d) => IsEpsilon(key) && d is not (>= 0 and < 1) ? throw Wrong(key, "a small positive number", v) : d,
        { } v when IsEpsilon(key) => throw Wrong(key, "a small positive number", v),
        { ValueKind: JsonValueKind.String } v when v.GetString() is "Infinity" => double.PositiveInfinity,
        { } v => throw Wrong(key, "a number", v),
    };

    /// <summary>Reads a real number that may be switched off: null means none, which is not the same as absent.</summary>
    /// <param name="key">The key.</param>
    /// <param name="ifAbsent">What the reference implementation assumes when the key is absent.</param>
    /// <exception cref="ConfigException">The key is no number.</exception>
    public double? Optional(string key, double? ifAbsent = null) => IsNull(key) ? null : Has(key) ? Number(key) : ifAbsent;

    /// <summary>Reads a boolean.</summary>
    /// <param name="key">The key.</param>
    /// <param name="ifAbsent">What the reference implementation assumes when the key is absent or null.</param>
    public bool Flag(string key, bool ifAbsent) => Find(key) switch
    {
        null => ifAbsent,
        { ValueKind: JsonValueKind.True } => true,
        { ValueKind: JsonValueKind.False } => false,
        { } v => throw Wrong(key, "true or false", v),
    };

    /// <summary>Reads a text.</summary>
    /// <inheritdoc cref="Count"/>
    public string Text(string key, string? ifAbsent = null) => Find(key) switch
    {
        null => ifAbsent ?? throw Missing(key),
        { ValueKind: JsonValueKind.String } v => v.GetString()!,
        { } v => throw Wrong(key, "a text", v),
    };

    /// <summary>Reads a list of whole numbers, or <see langword="null"/> if the key is absent or null.</summary>
    public IReadOnlyList<int>? Counts(string key) => List<int>(key, "a list of whole numbers", v => v.ValueKind == JsonValueKind.Number && v.TryGetInt32(out var n) ? n : null);

    /// <summary>Reads a list of real numbers, or <see langword="null"/> if the key is absent or null.</summary>
    public IReadOnlyList<double>? Numbers(string key) => List<double>(key, "a list of numbers", v => v.ValueKind == JsonValueKind.Number && v.TryGetDouble(out var n) ? n : null);

    /// <summary>Reads a list of texts, or <see langword="null"/> if the key is absent or null.</summary>
    public IReadOnlyList<string>? Texts(string key) => Find(key) switch
    {
        null => null,
        { ValueKind: JsonValueKind.Array } v => [.. v.EnumerateArray().Select(e => e.ValueKind == JsonValueKind.String ? e.GetString()! : throw Wrong(key, "a list of texts", v))],
        { } v => throw Wrong(key, "a list of texts", v),
    };

    /// <summary>Reads a nested object, whose keys must be read too; <see langword="null"/> if the key is absent or null.</summary>
    public HubConfig? Section(string key) => Section(key, "{}");

    /// <summary>Reads a nested object that leaves out what its class assumes.</summary>
    /// <param name="key">The key.</param>
    /// <param name="defaults">A JSON object with the values of absent keys.</param>
    internal HubConfig? Section(string key, string defaults)
    {
        if (Find(key) is not { } value)
        {
            return null;
        }

        if (_sections.Find(s => s._path == $"{_path}{key}.") is { } known)
        {
            return known;
        }

        HubConfig section = new(value, Source, $"{_path}{key}.") { _defaults = ConfigFile.Parse(System.Text.Encoding.UTF8.GetBytes(defaults), Source) };
        _sections.Add(section);
        return section;
    }

    /// <summary>Reads the raw value, or <see langword="null"/> if the key is absent or null.</summary>
    public JsonElement? Raw(string key) => Find(key);

    /// <summary>The keys of the object, in file order.</summary>
    public IReadOnlyList<string> Keys => [.. _json.EnumerateObject().Select(p => p.Name)];

    /// <summary>Reads an activation function by its Hugging Face name.</summary>
    /// <exception cref="ConfigException">The name is unknown.</exception>
    public Activation Activation(string key, string? ifAbsent = null) => Text(key, ifAbsent) switch
    {
        "gelu" => Configuration.Activation.Gelu,
        "gelu_new" or "gelu_pytorch_tanh" or "gelu_fast" or "gelu_python_tanh" => Configuration.Activation.GeluTanh,
        "relu" => Configuration.Activation.Relu,
        "relu2" => Configuration.Activation.Relu2,
        "silu" or "swish" => Configuration.Activation.Silu,
        "quick_gelu" => Configuration.Activation.QuickGelu,
        "tanh" => Configuration.Activation.Tanh,
        "xielu" => Configuration.Activation.Xielu,
        "solu" => Configuration.Activation.Solu,
        var other => throw new ConfigException(Source, [_path + key], $"'{_path}{key}' is '{other}', which is no activation Fathom knows.{NearestNames.Clause(other, ["gelu", "gelu_new", "gelu_pytorch_tanh", "relu", "relu2", "silu", "quick_gelu", "tanh"])}"),
    };

    /// <summary>Reads a key that may hold only one value, because nothing else is implemented.</summary>
    /// <param name="key">The key; absent and null are accepted.</param>
    /// <param name="value">The only value that is honoured.</param>
    /// <exception cref="ConfigException">The key holds another value.</exception>
    public void Require(string key, string value)
    {
        if (Find(key) is { } found && Written(found) != value)
        {
            throw new ConfigException(Source, [_path + key], $"'{_path}{key}' is {Written(found)}; only {value} is implemented for this family.");
        }
    }

    /// <summary>Marks keys as known to change nothing.</summary>
    public void Inert(params ReadOnlySpan<string> keys)
    {
        foreach (var key in keys)
        {
            _read.Add(key);
        }
    }

    /// <summary>Fails if a key was left unread.</summary>
    internal void RefuseUnread(string architecture, IReadOnlyList<string> inert)
    {
        var unread = Unread(inert).ToList();
        if (unread.Count > 0)
        {
            var known = AllRead().Concat(inert).Concat(Architectures.InertKeys.All).ToList();
            var clause = NearestNames.Clause(unread[0].Split('=')[0], known);
            throw new ConfigException(Source, [.. unread.Select(u => u.Split('=')[0])], $"{architecture} does not honour {string.Join(", ", unread)}.{clause} A key that nobody reads could change the numbers, so the model is refused; remove the key if it does not matter, or report the family.");
        }
    }

    /// <summary>The largest size that is believed: nothing is built from a number that no model has.</summary>
    private static int Most(string key) => key switch
    {
        "n_layer" or "num_hidden_layers" or "num_layers" or "n_layers" or "num_decoder_layers" or "encoder_layers" or "decoder_layers" => 1000,
        "n_head" or "n_heads" or "num_heads" or "num_attention_heads" or "encoder_attention_heads" or "decoder_attention_heads" => 4096,
        "n_embd" or "hidden_size" or "d_model" => 1 << 20,
        "vocab_size" or "d_vocab" => 1 << 24,
        _ => int.MaxValue,
    };

    private static bool IsEpsilon(string key) => key.EndsWith("eps", StringComparison.Ordinal) || key.EndsWith("epsilon", StringComparison.Ordinal);

    /// <summary>The JSON text of a value, shortened.</summary>
    private static string Written(JsonElement value) => value.GetRawText() is { Length: > 60 } text ? $"{text[..57]}..." : value.GetRawText();

    private IEnumerable<string> Unread(IReadOnlyList<string> inert) => _json.EnumerateObject()
        .Where(p => !_read.Contains(p.Name) && !inert.Contains(p.Name) && !Architectures.InertKeys.All.Contains(p.Name))
        .Select(p => $"{_path}{p.Name}={Written(p.Value)}")
        .Concat(_sections.SelectMany(s => s.Unread(inert)));

    private IEnumerable<string> AllRead() => _read.Select(r => _path + r).Concat(_sections.SelectMany(s => s.AllRead()));

    private List<T>? List<T>(string key, string what, Func<JsonElement, T?> read)
        where T : struct => Find(key) switch
    {
        null => null,
        { ValueKind: JsonValueKind.Array } v => [.. v.EnumerateArray().Select(e => read(e) ?? throw Wrong(key, what, v))],
        { } v => throw Wrong(key, what, v),
    };

    private JsonElement? Find(string key)
    {
        _read.Add(key);
        return _json.TryGetProperty(key, out var value) || (_defaults.ValueKind == JsonValueKind.Object && _defaults.TryGetProperty(key, out value)) ? value.ValueKind == JsonValueKind.Null ? null : value : null;
    }

    private ConfigException Missing(string key) => new(Source, [_path + key], $"the key '{_path}{key}' is missing.{NearestNames.Clause(key, Keys)} The model's shape cannot be known without it.");

    private ConfigException Wrong(string key, string expected, JsonElement found) => new(Source, [_path + key], $"'{(key.Length == 0 ? "the file" : _path + key)}' should be {expected}; found {Written(found)}.");
}
