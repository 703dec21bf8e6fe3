using System.Globalization;

namespace Fathom.Patching;

/// <summary>How far a sweep is.</summary>
/// <param name="Done">Cells done, times examples.</param>
/// <param name="Total">Cells to do, times examples.</param>
/// <param name="RowsDone">Rows done: the measure of work.</param>
/// <param name="RowsTotal">Rows to do.</param>
/// <param name="Elapsed">The time since the first group began.</param>
public sealed record SweepProgress(long Done, long Total, long RowsDone, long RowsTotal, TimeSpan Elapsed)
{
    /// <summary>Cells per second so far.</summary>
    public double Rate => Elapsed.TotalSeconds > 0 ? Done / Elapsed.TotalSeconds : 0;

    /// <summary>The time that the remaining rows will take at the rate so far; <see langword="null"/> before the first group is done.</summary>
    public TimeSpan? Left => RowsDone > 0 ? Elapsed * ((double)(RowsTotal - RowsDone) / RowsDone) : null;

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Done} of {Total} cells, {Rate:0} per second{(Left is { } left ? $", {left.TotalSeconds:0} s left" : "")}");
}
