#pragma warning disable CA1032 // The one constructor takes the facts; an instance without them must not exist.

namespace Fathom.Attribution;

/// <summary>Thrown when a run cannot be taken apart as asked: points are missing in the cache, or what the model computes is no sum of such parts.</summary>
public sealed class DecompositionException : Exception
{
    internal DecompositionException(string problem, IReadOnlyList<string>? missing = null)
        : base(problem) => Missing = missing ?? [];

    /// <summary>The points that the cache would have to hold.</summary>
    public IReadOnlyList<string> Missing { get; }
}
