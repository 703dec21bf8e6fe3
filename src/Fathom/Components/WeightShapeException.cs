using Fathom.Tensors;

namespace Fathom.Components;

/// <summary>Thrown when a tensor does not have the shape that a weight declares.</summary>
public sealed class WeightShapeException : Exception
{
    internal WeightShapeException(string weight, Axes axes, IReadOnlyList<long> expected, IReadOnlyList<long> found, string source)
        : base($"{weight} expects [{string.Join(", ", axes.Names.Zip(expected, (a, s) => $"{a}={s}"))}]; '{source}' gave [{string.Join(", ", found)}]. The config and the checkpoint do not belong together, or a size in the config is wrong.")
    {
        Weight = weight;
        Expected = expected;
        Found = found;
        SourceName = source;
    }

    /// <summary>The weight's full name.</summary>
    public string Weight { get; }

    /// <summary>The shape the weight declares.</summary>
    public IReadOnlyList<long> Expected { get; }

    /// <summary>The shape that was offered.</summary>
    public IReadOnlyList<long> Found { get; }

    /// <summary>The tensor that was offered.</summary>
    public string SourceName { get; }
}
