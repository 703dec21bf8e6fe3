namespace Fathom.Loading;

/// <summary>Thrown when a model cannot be written in the form asked for without changing what it computes.</summary>
public sealed class UnsavableModelException : InvalidOperationException
{
    internal UnsavableModelException(string message, IReadOnlyList<string> names)
        : base(message) => Names = names;

    /// <summary>The weights or tensors that stand in the way; empty if it is the model as a whole.</summary>
    public IReadOnlyList<string> Names { get; }
}
