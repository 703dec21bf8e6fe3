using Fathom.Plots.Svg;

namespace Fathom.Plots.Terminal;

/// <summary>Points as characters on a grid of the terminal's cells.</summary>
internal static class PointTerminal
{
    private const int Rows = 16;
    private const string Marks = "ox+*#@%&$=~^ABCDEFGHIJKLMN";

    public static void Write(Chart chart, NumericAxis x, NumericAxis y, ValueList<string> xLabels, TerminalCanvas canvas)
    {
        canvas.Axes(chart.YTitle, "up", chart.XTitle, "across");
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
            var blank = chart.References.Any(r => y.Holds(r.Value) && RowOf(y.Position(r.Value)) == row) ? "-" : " ";
            for (var column = 0; column < columns; column++)
            {
                var s = cells[row, column] - 1;
                _ = s < 0 ? canvas.Append(column % 2 == 0 ? blank : " ") : canvas.Colored(Marks[s % Marks.Length].ToString(), SeriesColors.RgbOf(s));
            }

            canvas.End();
        }

        canvas.Append(new string(' ', labelWidth + 1)).Append(new string('-', columns)).End();
        var (low, high) = xLabels.Count > 0 ? (VisibleText.Of(xLabels[0]), VisibleText.Of(xLabels[^1])) : (Numbers.Short(x.Low), Numbers.Short(x.High));
        var half = (columns - 1) / 2;
        low = CharWidth.Fit(low, Math.Min(half, CharWidth.Of(low)));
        canvas.Append(new string(' ', labelWidth + 2)).Append(low).Append(CharWidth.Fit(CharWidth.Fit(high, Math.Min(half, CharWidth.Of(high))), columns - CharWidth.Of(low), right: true)).End();
        foreach (var reference in chart.References)
        {
            canvas.Paragraph($"- - {Numbers.Short(reference.Value, chart.Decimals)} {reference.Label}");
        }

        if (chart.HasLegend)
        {
            for (var s = 0; s < chart.Series.Count; s++)
            {
                canvas.Append("  ").Colored(Marks[s % Marks.Length].ToString(), SeriesColors.RgbOf(s)).Append(" ").Append(CharWidth.Fit(VisibleText.Of(chart.Series[s].Name), canvas.Width - 4)).End();
            }
        }
    }

    private static int RowOf(double position) => Math.Clamp((int)((1 - position) * Rows), 0, Rows - 1);
}
