using Fathom.Plots.Svg;

namespace Fathom.Plots.Terminal;

/// <summary>Points as characters on a grid of the terminal's cells.</summary>
internal static class PointTerminal
{
    private const int Rows = 16;
    private const string Marks = "ox+*#@%&";

    public static void Write(Chart chart, NumericAxis x, NumericAxis y, ValueList<string> xLabels, TerminalCanvas canvas)
    {
        var ticks = y.Ticks(4);
        var labelWidth = ticks.Select(t => t.Label.Length).Append(4).Max();
        var columns = Math.Max(10, canvas.Width - labelWidth - 2);
        var cells = new int[Rows, columns];
        for (var s = 0; s < chart.Series.Count; s++)
        {
            var series = chart.Series[s];
            for (var i = 0; i < series.Y.Count; i++)
            {
                if (x.Holds(series.XAt(i)) && y.Holds(series.Y[i]))
                {
                    cells[RowOf(y.Position(series.Y[i])), Math.Clamp((int)(x.Position(series.XAt(i)) * columns), 0, columns - 1)] = s + 1;
                }
            }
        }

        for (var row = 0; row < Rows; row++)
        {
            var label = ticks.FirstOrDefault(t => RowOf(y.Position(t.Value)) == row).Label ?? "";
            canvas.Append(label.PadLeft(labelWidth)).Append(" |");
            for (var column = 0; column < columns; column++)
            {
                var s = cells[row, column] - 1;
                _ = s < 0 ? canvas.Append(" ") : canvas.Colored(Marks[s % Marks.Length].ToString(), SeriesColors.RgbOf(s));
            }

            canvas.End();
        }

        canvas.Append(new string(' ', labelWidth + 1)).Append(new string('-', columns)).End();
        var (low, high) = xLabels.Count > 0 ? (VisibleText.Of(xLabels[0]), VisibleText.Of(xLabels[^1])) : (Numbers.Short(x.Low), Numbers.Short(x.High));
        canvas.Append(new string(' ', labelWidth + 2)).Append(low).Append(CharWidth.Fit(chart.XTitle ?? "", Math.Max(1, columns - CharWidth.Of(low) - CharWidth.Of(high) - 1), right: true)).Append(" ").Append(high).End();
        if (chart.HasLegend)
        {
            for (var s = 0; s < chart.Series.Count; s++)
            {
                canvas.Append("  ").Colored(Marks[s % Marks.Length].ToString(), SeriesColors.RgbOf(s)).Append(" ").Append(VisibleText.Of(chart.Series[s].Name)).End();
            }
        }
    }

    private static int RowOf(double position) => Math.Clamp((int)((1 - position) * Rows), 0, Rows - 1);
}
