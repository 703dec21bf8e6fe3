using System.Text.Json.Nodes;

namespace Fathom.Loading.Checkpoints.Gguf;

/// <summary>The metadata of one architecture, read key by key; a key nobody read is an error, and shapes win over keys.</summary>
internal sealed class GgufHyperparameters
{
    private const int MostLayers = 1_000, MostHeads = 4_096;

    /// <summary>Keys that cannot change the logits, or that the tensors' shapes say better.</summary>
    private static readonly string[] Inert = ["vocab_size", "feed_forward_length", "context_length"];

    private readonly GgufCheckpoint _file;
    private readonly HashSet<string> _read = new(StringComparer.Ordinal);

    public GgufHyperparameters(GgufCheckpoint file, string architecture)
    {
        _file = file;
        Architecture = architecture;
        DModel = Count("embedding_length", 1 << 20);
        Heads = Count("attention.head_count", MostHeads);
        KeyValueHeads = Has("attention.head_count_kv") ? Count("attention.head_count_kv", MostHeads) : Heads;
        Layers = Count("block_count", int.MaxValue);
        CheckLayers();
        DHead = Has("attention.key_length") ? Count("attention.key_length", 1 << 16) : DModel % Heads == 0
            ? DModel / Heads
            : throw Invalid($"{Key("embedding_length")} is {DModel}, which {Heads} heads do not divide, and {Key("attention.key_length")} is absent.");
        if (Has("attention.value_length") && Count("attention.value_length", 1 << 16) != DHead)
        {
            throw Invalid($"{Key("attention.value_length")} differs from the key length {DHead}, which is not supported.");
        }

        if (Heads % KeyValueHeads != 0)
        {
            throw Invalid($"{Key("attention.head_count_kv")} is {KeyValueHeads}, which does not divide the {Heads} heads.");
        }

        var embedding = Shape("token_embd.weight");
        DVocab = embedding[0];
        if (embedding[^1] != DModel)
        {
            throw Invalid($"{Key("embedding_length")} is {DModel}, but token_embd.weight is [{string.Join(", ", embedding)}].");
        }
    }

    public string Architecture { get; }

    public int DModel { get; }

    public int Heads { get; }

    public int KeyValueHeads { get; }

    public int DHead { get; }

    public int Layers { get; }

    /// <summary>Rows of the embedding, which may exceed the token list.</summary>
    public long DVocab { get; }

    /// <summary>True when there is no output matrix of its own.</summary>
    public bool Tied => !_file.Tensors.ContainsKey("output.weight");

    public int Context => Count("context_length", 1 << 24);

    /// <summary>Rows of a layer-0 matrix, such as the width of the MLP.</summary>
    public long RowsOf(string stem) => Shape($"blk.0.{stem}.weight")[^2];

    /// <summary>Columns of a layer-0 matrix.</summary>
    public long ColumnsOf(string stem) => Shape($"blk.0.{stem}.weight")[^1];

    public bool HasTensor(string name) => _file.Tensors.ContainsKey(name);

    public bool Has(string key) => _file.Gguf.Contains(Key(key));

    /// <summary>A positive count within limits.</summary>
    /// <exception cref="InvalidCheckpointException">Absent, no integer (per-layer lists included), or out of range.</exception>
    public int Count(string key, long most)
    {
        var value = _file.Gguf.Integer(Mark(key)) ?? throw Invalid($"metadata key '{Key(key)}' is missing.");
        return value >= 1 && value <= most ? (int)value : throw Invalid($"metadata key '{Key(key)}' is {value}; 1 to {most} is expected.");
    }

    /// <summary>A finite number, or null when the key is absent.</summary>
    public double? Number(string key) => _file.Gguf.Number(Mark(key)) is not { } value ? null : double.IsFinite(value) ? value : throw Invalid($"metadata key '{Key(key)}' is {value}; a finite number is expected.");

    /// <summary>A finite positive number.</summary>
    public double Positive(string key, double? ifAbsent = null) => (Number(key) ?? ifAbsent ?? throw Invalid($"metadata key '{Key(key)}' is missing.")) is var value && value > 0
        ? value
        : throw Invalid($"metadata key '{Key(key)}' is {value}; a positive number is expected.");

    public bool Flag(string key, bool ifAbsent) => _file.Gguf.Flag(Mark(key)) ?? ifAbsent;

    public string? Text(string key) => _file.Gguf.Text(Mark(key));

    /// <summary>A number as the shortest text that gives the stored fp32 back, so that 1e-5 is written as 1e-5.</summary>
    public static JsonNode Shortest(double value) => (float)value is var single && single == value ? JsonNode.Parse(single.ToString("R", System.Globalization.CultureInfo.InvariantCulture))! : value;

    /// <summary>Reads a small tensor, such as frequency factors.</summary>
    public float[] Values(string tensor)
    {
        var stored = _file.Tensors[tensor];
        if (stored.Type != StoredType.F32 || stored.Count > 1 << 16)
        {
            throw Invalid($"tensor '{tensor}' must be a short F32 vector, but is {stored.Type.Label} [{string.Join(", ", stored.Shape)}].");
        }

        var values = new float[stored.Count];
        _file.ReadValues(stored, 0, System.Runtime.InteropServices.MemoryMarshal.AsBytes(values.AsSpan()));
        return values;
    }

    /// <summary>The keys of the architecture that nothing read.</summary>
    public IReadOnlyList<string> Unread() => [.. _file.Gguf.Keys.Where(k => k.StartsWith(Architecture + ".", StringComparison.Ordinal) && !_read.Contains(k) && !Inert.Contains(k[(Architecture.Length + 1)..]))];

    public InvalidCheckpointException Invalid(string problem) => new(_file.Source, problem);

    private IReadOnlyList<long> Shape(string tensor) => _file.Tensors.TryGetValue(tensor, out var stored) ? stored.Shape : throw Invalid($"tensor '{tensor}' is missing. The nearest names: {NearestNames.List(tensor, _file.Tensors.Keys)}.");

    private string Key(string key) => $"{Architecture}.{key}";

    private string Mark(string key)
    {
        _read.Add(Key(key));
        return Key(key);
    }

    /// <summary>Layers are counted in the tensors before anything is built for them.</summary>
    private void CheckLayers()
    {
        HashSet<int> found = [];
        foreach (var name in _file.Tensors.Keys)
        {
            if (GgufNames.Split(name).Layer is { } layer)
            {
                found.Add(layer);
            }
        }

        if (Layers > MostLayers || found.Count != Layers || (Layers > 0 && found.Max() != Layers - 1))
        {
            throw Invalid($"{Key("block_count")} is {Layers} (at most {MostLayers} are read), but the tensors name {found.Count} layers.");
        }
    }
}
