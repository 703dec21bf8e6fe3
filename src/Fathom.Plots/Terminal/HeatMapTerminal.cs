using Fathom.Plots.Colors;

namespace Fathom.Plots.Terminal;

/// <summary>A heat map as lines: numbers on coloured ground while they fit, coloured blocks or shade characters when not.</summary>
internal static class HeatMapTerminal
{
    private const int NumberWidth = 7;

    public static void Write(HeatMap map, TerminalCanvas canvas) => Write(map, map.Scale(), canvas);

    public static void Write(HeatMap map, ColorScale scale, TerminalCanvas canvas)
    {
        var labels = Enumerable.Range(0, map.Values.Rows).Select(r => VisibleText.Of(map.RowLabel(r))).ToArray();
        var labelWidth = Math.Min(labels.Max(CharWidth.Of), Math.Max(6, canvas.Width / 3));
        var room = canvas.Width - labelWidth - 1;
        var numbers = room / NumberWidth >= Math.Min(map.Values.Columns, 4) && map.Values.Columns <= 3 * (room / NumberWidth);
        var width = numbers ? Math.Clamp(room / map.Values.Columns, NumberWidth, 12) : map.Values.Columns * 2 <= room ? 2 : 1;
        var band = Math.Max(1, room / width);
        var named = numbers && Enumerable.Range(0, map.Values.Columns).All(c => CharWidth.Of(map.ColumnLabel(c)) < width);

        if (map.RowTitle is not null || map.ColumnTitle is not null)
        {
            canvas.Dim(CharWidth.Fit($"{map.RowTitle ?? "rows"} down, {map.ColumnTitle ?? "columns"} across{(map.ValueTitle is { } what ? $": {what}" : "")}", canvas.Width)).End();
        }

        for (var first = 0; first < map.Values.Columns; first += band)
        {
            var last = Math.Min(map.Values.Columns, first + band);
            Header(map, canvas, labelWidth, width, first, last, named, numbers);
            for (var row = 0; row < map.Values.Rows; row++)
            {
                var shown = map.FirstRowAtBottom ? map.Values.Rows - 1 - row : row;
                canvas.Append(CharWidth.Fit(labels[shown], labelWidth, right: true)).Append(" ");
                for (var column = first; column < last; column++)
                {
                    Cell(map, scale, canvas, map.Values[shown, column], width, numbers);
                }

                canvas.End();
            }
        }

        Legend(map, scale, canvas, numbers, named);
    }

    private static void Header(HeatMap map, TerminalCanvas canvas, int labelWidth, int width, int first, int last, bool named, bool numbers)
    {
        canvas.Append(new string(' ', labelWidth + 1));
        if (numbers)
        {
            for (var column = first; column < last; column++)
            {
                canvas.Append(CharWidth.Fit(named ? VisibleText.Of(map.ColumnLabel(column)) : Numbers.Whole(column), width, right: true));
            }
        }
        else
        {
            canvas.Append($"{Numbers.Whole(first)} … {Numbers.Whole(last - 1)}");
        }

        canvas.End();
    }

    private static void Cell(HeatMap map, ColorScale scale, TerminalCanvas canvas, double value, int width, bool numbers)
    {
        if (!double.IsFinite(value))
        {
            canvas.Append(CharWidth.Fit(numbers ? "--" : new string('?', width), width, right: true));
        }
        else if (numbers)
        {
            canvas.Cell(CharWidth.Fit(Short(value, map.Decimals) + (map.IsNoise(value) ? "·" : ""), width, right: true), scale.At(value));
        }
        else if (canvas.HasColor)
        {
            canvas.Cell(CharWidth.Fit(map.IsNoise(value) ? "·" : "", width), scale.At(value));
        }
        else
        {
            canvas.Append(new string(Shade(scale, value), width));
        }
    }

    private static string Short(double value, int? decimals) =>
        decimals is { } d ? Numbers.Short(value, d) : Math.Abs(value) is >= 0.001 and < 100000 or 0 ? Numbers.Short(value, Math.Abs(value) >= 1000 ? 0 : Math.Abs(value) >= 100 ? 1 : Math.Abs(value) >= 10 ? 2 : 3) : value.ToString("0.0e+0", System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>Digits above the centre, letters below it; the further away, the higher.</summary>
    private static char Shade(ColorScale scale, double value)
    {
        var t = scale.Position(value);
        if (!scale.Palette.IsDiverging)
        {
            return " .:-=+*#%@"[(int)Math.Min(9, t * 10)];
        }

        var distance = (int)Math.Round(Math.Abs(t - 0.5) * 18);
        return distance == 0 ? '.' : t > 0.5 ? (char)('0' + distance) : (char)('a' + distance - 1);
    }

    private static void Legend(HeatMap map, ColorScale scale, TerminalCanvas canvas, bool numbers, bool named)
    {
        if (!numbers && scale.HasValues)
        {
            var step = (scale.High - scale.Low) / 8;
            if (canvas.HasColor)
            {
                canvas.Append(Numbers.Short(scale.Low)).Append(" ");
                for (var i = 0; i <= 8; i++)
                {
                    canvas.Cell("  ", scale.At(scale.Low + (i * step)));
                }

                canvas.Append(" ").Append(Numbers.Short(scale.High)).End();
            }
            else
            {
                canvas.Paragraph(scale.Palette.IsDiverging
                    ? $"1-9 above the centre up to {Numbers.Short(scale.High)}, a-i below it down to {Numbers.Short(scale.Low)}, . at the centre, ? no value"
                    : $"' ' {Numbers.Short(scale.Low)}  .:-=+*#%  @ {Numbers.Short(scale.High)}  ? no value");
            }
        }

        if (!named && map.ColumnLabels.Count > 0)
        {
            canvas.Paragraph("columns: " + string.Join(", ", Enumerable.Range(0, map.Values.Columns).Select(c => $"{Numbers.Whole(c)} {VisibleText.Of(map.ColumnLabel(c))}")));
        }

        if (map.NoiseFloor is { } floor)
        {
            canvas.Paragraph($"· within {Numbers.Short(floor)} of {Numbers.Short(map.Baseline ?? map.Center)}, the noise floor");
        }
    }
}
