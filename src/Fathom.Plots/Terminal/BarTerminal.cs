using Fathom.Plots.Colors;
using Fathom.Plots.Svg;

namespace Fathom.Plots.Terminal;

/// <summary>Bars as lines of blocks, lying, with their values.</summary>
internal static class BarTerminal
{
    private const int ShortestBar = 8;

    public static void Write(BarChart chart, NumericAxis axis, TerminalCanvas canvas)
    {
        canvas.Axes(chart.XTitle, "down", chart.YTitle, "across");
        var count = chart.Series[0].Y.Count;
        var names = Enumerable.Range(0, count).Select(i => VisibleText.Of(chart.Category(i))).ToArray();
        var series = chart.Series.Count > 1 ? chart.Series.Max(s => CharWidth.Of(VisibleText.Of(s.Name))) + 1 : 0;
        var nameWidth = Math.Min(names.Max(CharWidth.Of), canvas.Width / 3);
        var valueWidth = chart.Series.SelectMany(s => s.Y).Max(v => Numbers.Short(v, chart.Decimals).Length);
        series = Math.Min(series, canvas.Width / 4);
        var room = canvas.Width - nameWidth - series - valueWidth - 3;
        if (room < ShortestBar)
        {
            // Names give way before the bars do.
            nameWidth = Math.Max(4, nameWidth - (ShortestBar - room));
            room = Math.Max(1, canvas.Width - nameWidth - series - valueWidth - 3);
        }

        var zero = (int)Math.Round(Math.Clamp(axis.Position(0), 0, 1) * room);
        for (var i = 0; i < count; i++)
        {
            for (var s = 0; s < chart.Series.Count; s++)
            {
                var value = chart.Series[s].Y[i];
                canvas.Append(CharWidth.Fit(s == 0 ? names[i] : "", nameWidth, right: true)).Append(" ");
                canvas.Append(series == 0 ? "" : CharWidth.Fit(VisibleText.Of(chart.Series[s].Name), series));
                canvas.Append(Numbers.Short(value, chart.Decimals).PadLeft(valueWidth)).Append(" ");
                if (double.IsFinite(value))
                {
                    var end = (int)Math.Round(Math.Clamp(axis.Position(value), 0, 1) * room);
                    canvas.Append(new string(' ', Math.Min(zero, end)));
                    canvas.Colored(new string(canvas.Options.Ascii || !canvas.HasColor ? '#' : '█', Math.Abs(end - zero)), Rgb.Parse(chart.ColorOf(s, value)));
                }

                canvas.End();
            }
        }
    }
}
