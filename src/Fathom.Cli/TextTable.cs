using System.Globalization;

namespace Fathom.Cli;

/// <summary>Rows under headings. Numbers are shortest round-trip text for programs and right-aligned, rounded text for people.</summary>
internal sealed class TextTable(params string[] headings)
{
    private readonly List<object?[]> _rows = [];

    internal IReadOnlyList<string> Headings => headings;

    internal int Count => _rows.Count;

    internal void Add(params object?[] cells)
    {
        if (cells.Length != headings.Length)
        {
            throw new ArgumentException($"{cells.Length} cells under {headings.Length} headings ({string.Join(", ", headings)}).", nameof(cells));
        }

        _rows.Add(cells);
    }

    /// <summary>The rows as people read them.</summary>
    internal IEnumerable<Fathom.Plots.ValueList<string>> Rows() => _rows.Select(row => (Fathom.Plots.ValueList<string>)[.. row.Select(Rounded)]);

    internal void WriteTo(Terminal terminal)
    {
        if (terminal.OutputIsTerminal)
        {
            WriteAligned(terminal);
        }
        else
        {
            WriteTabSeparated(terminal.Output);
        }
    }

    private void WriteTabSeparated(TextWriter output)
    {
        output.WriteLine(string.Join('\t', headings.Select(heading => heading.Replace(' ', '_'))));
        foreach (var row in _rows)
        {
            output.WriteLine(string.Join('\t', row.Select(cell => OneLine(Exact(cell)))));
        }
    }

    private void WriteAligned(Terminal terminal)
    {
        var texts = _rows.Select(row => row.Select(cell => OneLine(Rounded(cell))).ToArray()).ToList();
        var widths = headings.Select((heading, i) => texts.Select(row => DisplayWidth.Of(row[i])).Prepend(heading.Length).Max()).ToArray();
        var right = headings.Select((_, i) => _rows.Count > 0 && _rows.All(row => row[i] is null or int or long or float or double)).ToArray();

        // The last column takes what is left of the line.
        var others = widths.Take(widths.Length - 1).Sum(width => width + 2);
        widths[^1] = right[^1] ? widths[^1] : Math.Max(8, Math.Min(widths[^1], terminal.Width - others - 1));
        Narrow(widths, right, terminal.Width - 1);

        terminal.Output.WriteLine(terminal.Bold(Line(headings, widths, right)));
        foreach (var row in texts)
        {
            terminal.Output.WriteLine(Line(row, widths, right));
        }
    }

    /// <summary>Where a table is wider than the line, its widest column of text gives way; numbers are never cut.</summary>
    private static void Narrow(int[] widths, bool[] right, int room)
    {
        const int Least = 6;
        for (var over = widths.Sum() + (2 * (widths.Length - 1)) - room; over > 0;)
        {
            var widest = Enumerable.Range(0, widths.Length).Where(i => !right[i] && widths[i] > Least).DefaultIfEmpty(-1).MaxBy(i => i < 0 ? 0 : widths[i]);
            if (widest < 0)
            {
                return;
            }

            var others = Enumerable.Range(0, widths.Length).Where(i => i != widest && !right[i]).Select(i => widths[i]).Append(Least).Max();
            var taken = Math.Min(over, Math.Max(1, widths[widest] - others));
            widths[widest] -= taken;
            over -= taken;
        }
    }

    private static string Line(IReadOnlyList<string> cells, int[] widths, bool[] right) =>
        string.Join("  ", cells.Select((cell, i) => DisplayWidth.Pad(DisplayWidth.Cut(cell, widths[i]), widths[i], right[i]))).TrimEnd();

    private static string OneLine(string text) => text.Replace("\\", "\\\\", StringComparison.Ordinal) is var escaped && text.AsSpan().IndexOfAny('\t', '\n', '\r') >= 0
        ? escaped.Replace("\t", "\\t", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal).Replace("\r", "\\r", StringComparison.Ordinal)
        : text;

    private static string Exact(object? cell) => cell switch
    {
        null => "",
        float number => number.ToString("R", CultureInfo.InvariantCulture),
        double number => number.ToString("R", CultureInfo.InvariantCulture),
        IFormattable value => value.ToString(null, CultureInfo.InvariantCulture),
        _ => cell.ToString() ?? "",
    };

    private static string Rounded(object? cell) => cell switch
    {
        float number => Rounded((double)number),
        double number when !double.IsFinite(number) => double.IsNaN(number) ? "nan" : number > 0 ? "inf" : "-inf",
        double number => Math.Abs(number) is >= 1e-3 and < 1e5 or 0 ? number.ToString("0.0000", CultureInfo.InvariantCulture) : number.ToString("0.00e+0", CultureInfo.InvariantCulture),
        _ => Exact(cell),
    };
}
