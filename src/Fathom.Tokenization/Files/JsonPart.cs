using System.Text.Json;

namespace Fathom.Tokenization.Files;

/// <summary>An object of a tokenizer file that knows where it stands and which of its keys were read.</summary>
internal sealed class JsonPart
{
    private readonly Dictionary<string, JsonElement> _values = [];
    private readonly HashSet<string> _read = [];

    public JsonPart(string file, string location, JsonElement element)
    {
        (File, Location) = (file, location);
        if (element.ValueKind != JsonValueKind.Object)
        {
            throw Error($"expected an object, found {Describe(element)}.");
        }

        foreach (var property in element.EnumerateObject())
        {
            if (!_values.TryAdd(property.Name, property.Value))
            {
                throw Error($"the key \"{property.Name}\" stands here twice; keep one.");
            }
        }
    }

    public JsonPart(string file, string location, Dictionary<string, JsonElement> values) =>
        (File, Location, _values) = (file, location, values);

    /// <summary>The file.</summary>
    public string File { get; }

    /// <summary>The path of this object in the file.</summary>
    public string Location { get; }

    /// <summary>The keys, in the order of the file.</summary>
    public IEnumerable<string> Keys => _values.Keys;

    /// <summary>The value of <c>type</c>.</summary>
    public string Type => Text("type");

    /// <summary>Whether a key is there with a value other than null.</summary>
    public bool Has(string key) => _values.TryGetValue(key, out var value) && value.ValueKind != JsonValueKind.Null;

    /// <summary>Whether a key is there and says null.</summary>
    public bool IsNull(string key) => _values.TryGetValue(key, out var value) && value.ValueKind == JsonValueKind.Null;

    /// <summary>A value, or <see langword="null"/> if it is absent or null.</summary>
    public JsonElement? Find(string key)
    {
        _read.Add(key);
        return Has(key) ? _values[key] : null;
    }

    /// <summary>A value that must be there.</summary>
    public JsonElement Get(string key) => Find(key) ?? throw Error($"the key \"{key}\" is missing.");

    /// <summary>A string that must be there.</summary>
    public string Text(string key) => ToText(key, Get(key));

    /// <summary>A string that may be absent.</summary>
    public string? TextOrNull(string key) => Find(key) is { } value ? ToText(key, value) : null;

    /// <summary>A truth value that must be there.</summary>
    public bool Flag(string key) => ToFlag(key, Get(key));

    /// <summary>A truth value that may be absent.</summary>
    public bool Flag(string key, bool ifAbsent) => IsNull(key) ? throw Error($"\"{key}\" is null; it must be true or false, or left out.") : Find(key) is { } value ? ToFlag(key, value) : ifAbsent;

    /// <summary>A truth value, or <see langword="null"/> if it is absent.</summary>
    public bool? FlagOrNull(string key) => Find(key) is { } value ? ToFlag(key, value) : null;

    /// <summary>Any number, or <see langword="null"/> if it is absent.</summary>
    public double? NumberOrNull(string key) => Find(key) is { } value
        ? value.ValueKind == JsonValueKind.Number ? value.GetDouble() : throw Error($"\"{key}\" must be a number, found {Describe(value)}.")
        : null;

    /// <summary>A number from zero up that must be there.</summary>
    public int Count(string key) => ToCount(key, Get(key));

    /// <summary>A number from zero up that may be absent.</summary>
    public int? CountOrNull(string key) => Find(key) is { } value ? ToCount(key, value) : null;

    /// <summary>A single character that must be there.</summary>
    public int Scalar(string key)
    {
        var text = Text(key);
        return System.Text.Rune.TryGetRuneAt(text.Length == 0 ? "\uD800" : text, 0, out var rune) && rune.Utf16SequenceLength == text.Length
            ? rune.Value
            : throw Error($"\"{key}\" must be one character, found \"{text}\".");
    }

    /// <summary>One of a few words that must be there.</summary>
    public T Choice<T>(string key, params ReadOnlySpan<(string Name, T Value)> choices) => Choose(key, Text(key), choices);

    /// <summary>One of a few words.</summary>
    public T Choose<T>(string key, string text, params ReadOnlySpan<(string Name, T Value)> choices)
    {
        var names = new List<string>();
        foreach (var (name, value) in choices)
        {
            if (name == text)
            {
                return value;
            }

            names.Add(name);
        }

        throw Error($"\"{key}\" is \"{text}\"; known: {string.Join(", ", names)}.");
    }

    /// <summary>An object that must be there.</summary>
    public JsonPart Part(string key) => new(File, $"{Location}.{key}", Get(key));

    /// <summary>An object that may be absent.</summary>
    public JsonPart? PartOrNull(string key) => Find(key) is { } value ? new JsonPart(File, $"{Location}.{key}", value) : null;

    /// <summary>A list of objects that must be there.</summary>
    public IEnumerable<JsonPart> Parts(string key)
    {
        var list = Get(key);
        if (list.ValueKind != JsonValueKind.Array)
        {
            throw Error($"\"{key}\" must be a list, found {Describe(list)}.");
        }

        var index = 0;
        foreach (var item in list.EnumerateArray())
        {
            yield return new JsonPart(File, $"{Location}.{key}[{index++}]", item);
        }
    }

    /// <summary>Refuses keys that nobody read.</summary>
    public void Finish()
    {
        foreach (var key in _values.Keys)
        {
            if (!_read.Contains(key))
            {
                throw Error($"the key \"{key}\" is not known here. Known: {string.Join(", ", _read.Order(StringComparer.Ordinal))}.");
            }
        }
    }

    /// <summary>An error at this place.</summary>
    public TokenizerFormatException Error(string problem) => new(File, Location, problem);

    /// <summary>A value in a few words, for messages.</summary>
    public static string Describe(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null or JsonValueKind.Undefined => "nothing",
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "a list",
        _ => value.GetRawText() is { Length: <= 60 } text ? text : value.GetRawText()[..57] + "...",
    };

    private string ToText(string key, JsonElement value) => value.ValueKind == JsonValueKind.String
        ? value.GetString()!
        : throw Error($"\"{key}\" must be a string, found {Describe(value)}.");

    private bool ToFlag(string key, JsonElement value) => value.ValueKind is JsonValueKind.True or JsonValueKind.False
        ? value.GetBoolean()
        : throw Error($"\"{key}\" must be true or false, found {Describe(value)}.");

    private int ToCount(string key, JsonElement value) => value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var count) && count >= 0
        ? count
        : throw Error($"\"{key}\" must be a whole number from 0 to 2147483647, found {Describe(value)}.");
}
