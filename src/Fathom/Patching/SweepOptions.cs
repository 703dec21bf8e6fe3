namespace Fathom.Patching;

/// <summary>How a sweep is run. It changes how fast and how well proved a result is, not what it means.</summary>
public sealed record SweepOptions
{
    /// <summary>The engine, with a sample of cells checked.</summary>
    public static SweepOptions Default { get; } = new();

    /// <summary>How cells are computed.</summary>
    public SweepPath Path { get; init; } = SweepPath.Engine;
}
