using System.Text.RegularExpressions;

namespace Fathom.Plots.Terminal;

/// <summary>The lines above the columns of a heat map, and a list of the names that do not fit there.</summary>
internal sealed partial class ColumnHeader
{
    private const int MostNames = 64;
    private readonly string[][] lines;
    private readonly int width;
    private readonly int stride;

    public ColumnHeader(HeatMap map, CellTexts cells)
    {
        width = cells.Width;
        var count = map.Values.Columns;
        (string Number, string Name)[] parts = [.. Enumerable.Range(0, count).Select(c => Split(map.ColumnLabel(c), c))];
        string[] whole = [.. Enumerable.Range(0, count).Select(c => VisibleText.Of(map.ColumnLabel(c)))];
        // H0, H1, H2 …: the numbers say it.
        var named = map.ColumnLabels.Count > 0 && !Enumerable.Range(0, count).All(c => whole[c] == whole[0][..^1] + Numbers.Whole(c));
        if (whole.All(label => CharWidth.Of(label) < width))
        {
            (lines, stride) = ([whole], 1);
            return;
        }

        // L1 H3: the layer over the head.
        var halves = whole.Select(label => label.Split(' ', 2)).ToList();
        if (halves.All(h => h.Length == 2 && h.All(half => half.Length > 0 && CharWidth.Of(half) < width)))
        {
            (lines, stride) = ([[.. halves.Select(h => h[0])], [.. halves.Select(h => h[1])]], 1);
            return;
        }

        // Blocks too narrow for their numbers have a number over every second, fifth, tenth …
        stride = Svg.Ticks.Stride(count, width, Numbers.Whole(count - 1).Length + 1);
        string[] numbers = [.. parts.Select((part, c) => c % stride == 0 ? part.Number : "")];
        var twoLines = cells.AreNumbers && named;
        lines = twoLines ? [numbers, [.. parts.Select(part => part.Name)]] : [numbers];
        var cut = Enumerable.Range(0, count).Where(c => named && parts[c].Name.Length > 0 && (!twoLines || CharWidth.Of(parts[c].Name) >= width)).ToList();
        var listed = cut.Where((_, i) => i % Svg.Ticks.Stride(cut.Count, MostNames, cut.Count) == 0).ToList();
        Legend = listed.Count > 0 ? $"columns: {string.Join(", ", listed.Select(c => $"{parts[c].Number} {parts[c].Name}"))}" : null;
    }

    /// <summary>How many lines there are.</summary>
    public int Lines => lines.Length;

    /// <summary>The names of columns, where the lines do not say them.</summary>
    public string? Legend { get; }

    public void Write(TerminalCanvas canvas, int line, int first, int last)
    {
        for (var column = first; column < last; column += stride)
        {
            var room = width * Math.Min(stride, last - column);
            var text = lines[line][column - (column % stride)];
            canvas.Append(stride > 1 ? CharWidth.Fit(CharWidth.Of(text) > room ? "" : text, room) : CharWidth.Fit(CharWidth.Fit(text, Math.Min(width - 1, CharWidth.Of(text))), width, right: true));
        }
    }

    /// <summary>A position and its token; of other labels, the column's number and the label.</summary>
    private static (string Number, string Name) Split(string label, int column) => Position().Match(label) is { Success: true } match
        ? (match.Groups[1].Value, match.Groups[2].Success ? TokenLabels.Visible(match.Groups[2].Value) : "")
        : (Numbers.Whole(column), VisibleText.Of(label));

    [GeneratedRegex(@"^\(pos (\d+)\)(?: (.*))?$", RegexOptions.Singleline)]
    private static partial Regex Position();
}
