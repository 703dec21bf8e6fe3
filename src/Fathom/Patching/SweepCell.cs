using System.Globalization;

namespace Fathom.Patching;

/// <summary>One cell of a result.</summary>
/// <param name="Cell">The flat index.</param>
/// <param name="Label">Its labels along the axes.</param>
/// <param name="Value">The metric.</param>
/// <param name="Effect">The metric minus that of the unpatched run.</param>
public sealed record SweepCell(int Cell, string Label, double Value, double Effect)
{
    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Label}: {Value:0.###} ({Effect:+0.###;-0.###;0})");
}
