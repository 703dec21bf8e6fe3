namespace Fathom.Plots;

/// <summary>Numbers that belong together in a chart and share a colour.</summary>
/// <param name="Name">What the legend calls it; empty for a chart with one series.</param>
/// <param name="Y">The values. NaN leaves a gap.</param>
public sealed record Series(string Name, ValueList<double> Y)
{
    /// <summary>Where each value stands, or empty for 0, 1, 2, …; a bar chart has categories instead.</summary>
    public ValueList<double> X { get; init; } = [];

    /// <summary>A name for each point, shown under the pointer, or empty.</summary>
    public ValueList<string> PointNames { get; init; } = [];

    internal double XAt(int index) => X.Count > 0 ? X[index] : index;

    internal void Validate(string part)
    {
        Check.NotNull(Name, $"{part}.Name");
        Check.NotNull(Y, $"{part}.Y");
        Check.NotEmpty(Y.Count, $"{part}.Y");
        Check.NotNull(X, $"{part}.X");
        if (X.Count > 0)
        {
            Check.Count(X.Count, Y.Count, $"{part}.X", "values of Y");
        }

        Check.Labels(PointNames, Y.Count, $"{part}.PointNames", "values of Y");
    }
}
