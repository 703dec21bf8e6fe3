namespace Fathom.Architectures;

/// <summary>Thrown when a config.json cannot be honoured: a key is missing, wrong, or read by nobody.</summary>
public sealed class ConfigException : Exception
{
    internal ConfigException(string source, IReadOnlyList<string> keys, string message)
        : base($"{source}: {message}")
    {
        SourceName = source;
        Keys = keys;
    }

    /// <summary>The config file.</summary>
    public string SourceName { get; }

    /// <summary>The keys in question.</summary>
    public IReadOnlyList<string> Keys { get; }
}
