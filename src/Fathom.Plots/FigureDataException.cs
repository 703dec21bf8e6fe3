namespace Fathom.Plots;

/// <summary>A figure's parts contradict each other: as many labels as rows are needed, and so on.</summary>
/// <param name="part">The property that does not fit.</param>
/// <param name="expected">What it should be.</param>
/// <param name="found">What it is.</param>
/// <param name="advice">What to do next.</param>
public sealed class FigureDataException(string part, string expected, string found, string advice)
    : ArgumentException($"Figure: '{part}' expects {expected}; found {found}. {advice}")
{
    /// <summary>The property that does not fit.</summary>
    public string Part { get; } = part;

    /// <summary>What it should be.</summary>
    public string Expected { get; } = expected;

    /// <summary>What it is.</summary>
    public string Found { get; } = found;
}
