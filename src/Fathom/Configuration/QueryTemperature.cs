namespace Fathom.Configuration;

/// <summary>A factor on queries, after rotation: <c>1 + Beta · ln(1 + ⌊(position + Shift) / Floor⌋)</c>.</summary>
/// <param name="Beta">The slope.</param>
/// <param name="Floor">The number of tokens per step.</param>
/// <param name="Shift">Added to the position.</param>
public sealed record QueryTemperature(double Beta, double Floor, int Shift);
