namespace Fathom.Plots;

/// <summary>A dashed line at a value to compare with, such as the clean run's metric.</summary>
/// <param name="Value">Where, on the value axis.</param>
/// <param name="Label">What it is.</param>
public sealed record ReferenceLine(double Value, string Label);
