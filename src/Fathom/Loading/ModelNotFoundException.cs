namespace Fathom.Loading;

/// <summary>Thrown when a model was asked for by a path where none is.</summary>
public sealed class ModelNotFoundException : Exception
{
    internal ModelNotFoundException(string name, string message)
        : base($"Model '{name}': {message}") => Name = name;

    /// <summary>What was asked for.</summary>
    public string Name { get; }
}
