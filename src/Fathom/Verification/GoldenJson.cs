using System.Text.Json;
using Fathom.Loading.Checkpoints;

namespace Fathom.Verification;

/// <summary>An object of a golden document, whose members are asked for by name and kind.</summary>
internal sealed class GoldenJson
{
    private readonly string _file;
    private readonly string _path;
    private readonly JsonElement _element;

    private GoldenJson(string file, string path, JsonElement element)
    {
        _file = file;
        _path = path;
        _element = element.ValueKind == JsonValueKind.Object ? element : throw new InvalidCheckpointException(file, $"{(path.Length == 0 ? "the document" : path)} should be an object and is {element.ValueKind}");
    }

    /// <summary>Reads a document.</summary>
    /// <exception cref="InvalidCheckpointException">It is no JSON object.</exception>
    public static GoldenJson Read(string file)
    {
        try
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(file), new() { MaxDepth = 16, AllowDuplicateProperties = false });
            return new(file, "", document.RootElement.Clone());
        }
        catch (JsonException cause)
        {
            throw new InvalidCheckpointException(file, $"it is no JSON document: {cause.Message}", cause);
        }
    }

    /// <summary>The names of the members.</summary>
    public IEnumerable<string> Keys => _element.EnumerateObject().Select(m => m.Name);

    /// <summary>Whether there is a member of that name.</summary>
    public bool Has(string key) => _element.TryGetProperty(key, out _);

    /// <summary>A member that is an object.</summary>
    public GoldenJson Part(string key) => new(_file, At(key), Member(key, JsonValueKind.Object));

    /// <summary>A member that is a list of objects.</summary>
    public IReadOnlyList<GoldenJson> Parts(string key) => [.. Member(key, JsonValueKind.Array).EnumerateArray().Select((e, i) => new GoldenJson(_file, $"{At(key)}[{i}]", e))];

    /// <summary>A member that is a list of texts.</summary>
    public IReadOnlyList<string> Texts(string key) => [.. Member(key, JsonValueKind.Array).EnumerateArray().Select(e => e.ValueKind == JsonValueKind.String ? e.GetString()! : throw Wrong(key, "texts"))];

    /// <summary>A member that is a text.</summary>
    public string Text(string key) => Member(key, JsonValueKind.String).GetString()!;

    /// <summary>A member that is a number.</summary>
    public double Number(string key) => Member(key, JsonValueKind.Number).GetDouble();

    /// <summary>A member that is a list of token ids.</summary>
    public int[] Ids(string key) => [.. Member(key, JsonValueKind.Array).EnumerateArray().Select(e => e.ValueKind == JsonValueKind.Number && e.TryGetInt32(out var id) ? id : throw Wrong(key, "whole numbers"))];

    /// <summary>A member that is a list of a shape, a sum and a mean magnitude.</summary>
    public (long[] Shape, double Sum, double Magnitude) Statistics(string key) =>
        Member(key, JsonValueKind.Array) is var list && list.GetArrayLength() == 3 && list[0].ValueKind == JsonValueKind.Array && list[0].EnumerateArray().All(e => e.ValueKind == JsonValueKind.Number && e.TryGetInt64(out _))
            && list[1].ValueKind == JsonValueKind.Number && list[2].ValueKind == JsonValueKind.Number
            ? ([.. list[0].EnumerateArray().Select(e => e.GetInt64())], list[1].GetDouble(), list[2].GetDouble())
            : throw Wrong(key, "a shape, a sum and a mean magnitude");

    private JsonElement Member(string key, JsonValueKind kind) => _element.TryGetProperty(key, out var member)
        ? member.ValueKind == kind ? member : throw Wrong(key, $"{kind}")
        : throw new InvalidCheckpointException(_file, $"{(_path.Length == 0 ? "the document" : _path)} has no '{key}'. It has {string.Join(", ", Keys.Take(8))}");

    private string At(string key) => _path.Length == 0 ? key : $"{_path}.{key}";

    private InvalidCheckpointException Wrong(string key, string expected) => new(_file, $"{At(key)} should hold {expected}");
}
