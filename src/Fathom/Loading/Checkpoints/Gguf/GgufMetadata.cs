namespace Fathom.Loading.Checkpoints.Gguf;

/// <summary>The typed key-value pairs of a GGUF file: hyperparameters, vocabulary, chat template.</summary>
/// <remarks>Integer widths differ between writers, so every integer type reads as <see cref="long"/>; fp32 reads as the exact double.</remarks>
public sealed class GgufMetadata
{
    private readonly OrderedDictionary<string, object> _values;
    private readonly string _file;

    internal GgufMetadata(string file, OrderedDictionary<string, object> values)
    {
        _file = file;
        _values = values;
    }

    /// <summary>The keys, in file order.</summary>
    public IReadOnlyList<string> Keys => _values.Keys;

    /// <summary>True when the file has the key.</summary>
    public bool Contains(string key) => _values.ContainsKey(key);

    /// <summary>A text, or null when the key is absent.</summary>
    /// <exception cref="InvalidCheckpointException">The value is of another type.</exception>
    public string? Text(string key) => Get<string>(key, "text");

    /// <summary>An integer, or null when the key is absent.</summary>
    /// <exception cref="InvalidCheckpointException">The value is no integer, or is above 2^63 - 1.</exception>
    public long? Integer(string key) => _values.GetValueOrDefault(key) switch
    {
        null => null,
        long value => value,
        var other => throw Wrong(key, "an integer below 2^63", other),
    };

    /// <summary>A real number or an integer as one, or null when the key is absent.</summary>
    /// <exception cref="InvalidCheckpointException">The value is no number.</exception>
    public double? Number(string key) => _values.GetValueOrDefault(key) switch
    {
        null => null,
        double value => value,
        float value => value,
        long value => value,
        var other => throw Wrong(key, "a number", other),
    };

    /// <summary>A boolean, or null when the key is absent.</summary>
    /// <exception cref="InvalidCheckpointException">The value is of another type.</exception>
    public bool? Flag(string key) => _values.GetValueOrDefault(key) switch
    {
        null => null,
        bool value => value,
        var other => throw Wrong(key, "a boolean", other),
    };

    /// <summary>A list of texts, or null when the key is absent.</summary>
    /// <exception cref="InvalidCheckpointException">The value is of another type.</exception>
    public IReadOnlyList<string>? Texts(string key) => Get<string[]>(key, "a list of texts");

    /// <summary>A list of integers, or null when the key is absent.</summary>
    /// <exception cref="InvalidCheckpointException">The value is of another type.</exception>
    public IReadOnlyList<long>? Integers(string key) => Get<long[]>(key, "a list of integers");

    /// <summary>A list of real numbers, or null when the key is absent.</summary>
    /// <exception cref="InvalidCheckpointException">The value is of another type.</exception>
    public IReadOnlyList<double>? Numbers(string key) => _values.GetValueOrDefault(key) switch
    {
        null => null,
        double[] values => values,
        float[] values => Array.ConvertAll(values, v => (double)v),
        long[] values => Array.ConvertAll(values, v => (double)v),
        var other => throw Wrong(key, "a list of numbers", other),
    };

    /// <summary>The raw value: <see cref="long"/>, <see cref="ulong"/> (only above 2^63 - 1), <see cref="float"/>, <see cref="double"/>, <see cref="bool"/>, <see cref="string"/>, or an array of one of them.</summary>
    public object? Raw(string key) => _values.GetValueOrDefault(key);

    /// <summary>Every raw value by its key.</summary>
    internal IReadOnlyDictionary<string, object?> Values => _values.ToDictionary(p => p.Key, p => (object?)p.Value, StringComparer.Ordinal);

    private T? Get<T>(string key, string description)
        where T : class => _values.GetValueOrDefault(key) switch
        {
            null => null,
            T value => value,
            var other => throw Wrong(key, description, other),
        };

    private InvalidCheckpointException Wrong(string key, string wanted, object found) =>
        new(_file, $"metadata key '{key}' must be {wanted}, but the file holds a {found.GetType().Name}.");
}
