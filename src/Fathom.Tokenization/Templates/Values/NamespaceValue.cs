namespace Fathom.Tokenization.Templates.Values;

/// <summary>The one value a template can change: <c>{% set ns.name = value %}</c>.</summary>
internal sealed class NamespaceValue
{
    private readonly Dictionary<string, object?> _values = new(StringComparer.Ordinal);

    /// <summary>The names in order of first assignment.</summary>
    public IEnumerable<KeyValuePair<string, object?>> Values => _values;

    /// <summary>Looks a name up.</summary>
    public bool TryGet(string name, out object? value) => _values.TryGetValue(name, out value);

    /// <summary>Sets a name.</summary>
    public void Set(string name, object? value) => _values[name] = value;
}
