namespace Fathom.Loading;

/// <summary>Thrown when a checkpoint does not hold exactly the tensors that its config asks for. Nothing is ever initialised in place of a missing one.</summary>
public sealed class CheckpointMismatchException : Exception
{
    internal CheckpointMismatchException(string source, string message, IReadOnlyList<string> missing, IReadOnlyList<string> extra)
        : base($"{source}: {message}")
    {
        SourceName = source;
        Missing = missing;
        Extra = extra;
    }

    /// <summary>The checkpoint.</summary>
    public string SourceName { get; }

    /// <summary>Parameters (ours) that no tensor filled.</summary>
    public IReadOnlyList<string> Missing { get; }

    /// <summary>Tensors (theirs) that no parameter took.</summary>
    public IReadOnlyList<string> Extra { get; }
}
