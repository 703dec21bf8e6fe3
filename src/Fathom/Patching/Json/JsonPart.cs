using System.Text.Json;

namespace Fathom.Patching.Json;

/// <summary>An object of a document that is read key by key; a key that nobody read is an error.</summary>
internal sealed class JsonPart
{
    private readonly string _path;
    private readonly Dictionary<string, JsonElement> _members = [];
    private readonly HashSet<string> _read = [];

    public JsonPart(JsonElement element, string path)
    {
        _path = path;
        if (element.ValueKind != JsonValueKind.Object)
        {
            throw new SweepFormatException($"{path} must be an object; found {element.ValueKind}.");
        }

        foreach (var member in element.EnumerateObject())
        {
            _members[member.Name] = member.Value;
        }
    }

    public static JsonPart Parse(string json)
    {
        ArgumentNullException.ThrowIfNull(json);
        try
        {
            using var document = JsonDocument.Parse(json);
            return new(document.RootElement.Clone(), "document");
        }
        catch (JsonException e)
        {
            throw new SweepFormatException($"This is not JSON: {e.Message}");
        }
    }

    public bool Has(string key) => _members.TryGetValue(key, out var value) && value.ValueKind != JsonValueKind.Null;

    public JsonPart Part(string key) => new(Element(key), $"{_path}.{key}");

    public string Text(string key) => Of(key, JsonValueKind.String).GetString()!;

    public string? OptionalText(string key) => Has(key) ? Text(key) : Skip<string>(key);

    public bool Flag(string key) => Element(key).ValueKind is JsonValueKind.True or JsonValueKind.False ? Element(key).GetBoolean() : throw Wrong(key, "true or false");

    public bool? OptionalFlag(string key) => Has(key) ? Flag(key) : Skip<bool?>(key);

    public long Whole(string key) => Element(key).ValueKind == JsonValueKind.Number && Element(key).TryGetInt64(out var value) ? value : throw Wrong(key, "a whole number");

    public double? OptionalNumber(string key) => Has(key) ? Of(key, JsonValueKind.Number).GetDouble() : Skip<double?>(key);

    public T Choice<T>(string key)
        where T : struct, Enum => Enum.GetValues<T>().Cast<T?>().FirstOrDefault(v => Snake(v!.Value.ToString()) == Text(key)) ?? throw Wrong(key, string.Join(", ", Enum.GetNames<T>().Select(Snake)));

    public IReadOnlyList<JsonElement> List(string key) => [.. Of(key, JsonValueKind.Array).EnumerateArray()];

    public IReadOnlyList<int>? OptionalWholes(string key) => Has(key) ? Wholes(key) : Skip<IReadOnlyList<int>>(key);

    public IReadOnlyList<int> Wholes(string key) => [.. List(key).Select(e => e.ValueKind == JsonValueKind.Number && e.TryGetInt32(out var i) ? i : throw Wrong(key, "whole numbers"))];

    public IReadOnlyList<string> Texts(string key) => [.. List(key).Select(e => e.ValueKind == JsonValueKind.String ? e.GetString()! : throw Wrong(key, "texts"))];

    public IReadOnlyList<double> Numbers(string key) => [.. List(key).Select(e => Number(key, e))];

    public IReadOnlyList<IReadOnlyList<double>> Table(string key) => [.. List(key).Select(row => row.ValueKind == JsonValueKind.Array ? (IReadOnlyList<double>)[.. row.EnumerateArray().Select(e => Number(key, e))] : throw Wrong(key, "lists of numbers"))];

    public IReadOnlyList<JsonPart> Parts(string key) => [.. List(key).Select((e, i) => new JsonPart(e, $"{_path}.{key}[{i}]"))];

    /// <summary>Fails if there is a key that was not read.</summary>
    public void End()
    {
        if (_members.Keys.FirstOrDefault(k => !_read.Contains(k)) is { } unknown)
        {
            throw new SweepFormatException($"{_path} has the key '{unknown}', which is not part of it.{Hooks.NearestNames.Clause(unknown, _read)}");
        }
    }

    public void Ignore(string key) => _read.Add(key);

    /// <summary>Fails unless the document has a schema.</summary>
    public void Schema(string schema)
    {
        if (!Has("schema") || Text("schema") != schema)
        {
            throw new SweepFormatException($"The document's schema must be '{schema}'; found {(Has("schema") ? $"'{Text("schema")}'" : "none")}.");
        }
    }

    public static string Snake(string name) => string.Concat(name.Select((c, i) => char.IsUpper(c) ? (i > 0 ? "_" : "") + char.ToLowerInvariant(c) : c.ToString()));

    private T? Skip<T>(string key)
    {
        _read.Add(key);
        return default;
    }

    private double Number(string key, JsonElement e) => e.ValueKind switch
    {
        JsonValueKind.Number => e.GetDouble(),
        JsonValueKind.Null => double.NaN,
        _ => throw Wrong(key, "numbers"),
    };

    private JsonElement Element(string key)
    {
        _read.Add(key);
        return _members.TryGetValue(key, out var value) ? value : throw new SweepFormatException($"{_path} lacks the key '{key}'.{Hooks.NearestNames.Clause(key, _members.Keys)}");
    }

    private JsonElement Of(string key, JsonValueKind kind) => Element(key).ValueKind == kind ? Element(key) : throw Wrong(key, kind.ToString().ToLowerInvariant());

    private SweepFormatException Wrong(string key, string expected) => new($"{_path}.{key} must be {expected}; found {_members[key].ValueKind}: {Cut(_members[key].GetRawText())}.");

    private static string Cut(string text) => text.Length > 40 ? text[..40] + "..." : text;
}
