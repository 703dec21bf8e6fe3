namespace Fathom.Plots.Terminal;

/// <summary>One head as a heat map; many heads as a table of where their attention goes.</summary>
internal static class AttentionTerminal
{
    public static void Write(AttentionPatterns figure, TerminalCanvas canvas)
    {
        if (figure.Patterns.Count == 1)
        {
            ValueList<string> labels = [.. figure.Tokens.Select(TokenLabels.Visible)];
            var map = new HeatMap { Values = figure.Patterns[0], RowLabels = labels, ColumnLabels = labels, Palette = Palette.Blues, Minimum = 0, Maximum = 1, RowTitle = "query", ColumnTitle = "key", Decimals = 2 };
            map.Write(canvas);
            return;
        }

        var strongest = canvas.Width >= 64;
        var width = Math.Min(strongest ? 24 : canvas.Width - 35, Enumerable.Range(0, figure.Patterns.Count).Max(h => CharWidth.Of(VisibleText.Of(figure.HeadLabel(h)))));
        var scale = Colors.ColorScale.Over([0, 1], Palette.Blues);
        canvas.Append(new string(' ', width)).Append("  to first  to previous  to itself").Append(strongest ? "  strongest" : "").End();
        for (var head = 0; head < figure.Patterns.Count; head++)
        {
            var pattern = figure.Patterns[head];
            canvas.Append(CharWidth.Fit(VisibleText.Of(figure.HeadLabel(head)), width));
            foreach (var (share, columns) in new[] { (Mean(pattern, 1, q => 0), 10), (Mean(pattern, 1, q => q - 1), 13), (Mean(pattern, 0, q => q), 11) })
            {
                var text = Numbers.Short(share, 2);
                canvas.Append(new string(' ', Math.Max(1, columns - text.Length))).Cell(text, scale.At(double.IsFinite(share) ? share : 0));
            }

            if (strongest)
            {
                var (query, key) = Strongest(pattern);
                canvas.Append("  ").Append(CharWidth.Fit($"{TokenLabels.Visible(figure.Tokens[query])} -> {TokenLabels.Visible(figure.Tokens[key])} {Numbers.Short(pattern[query, key], 2)}", Math.Max(8, canvas.Width - width - 36)));
            }

            canvas.End();
        }
    }

    /// <summary>The mean over queries of the attention paid to one key each.</summary>
    private static double Mean(Grid pattern, int first, Func<int, int> key) =>
        pattern.Rows <= first ? double.NaN : Enumerable.Range(first, pattern.Rows - first).Average(q => pattern[q, key(q)]);

    /// <summary>The largest entry that is neither to the first token nor to itself, where there is one.</summary>
    private static (int Query, int Key) Strongest(Grid pattern)
    {
        var best = (Query: pattern.Rows - 1, Key: 0, Value: double.NegativeInfinity);
        for (var query = 0; query < pattern.Rows; query++)
        {
            for (var key = 1; key < pattern.Columns; key++)
            {
                if (key != query && pattern[query, key] > best.Value)
                {
                    best = (query, key, pattern[query, key]);
                }
            }
        }

        return (best.Query, best.Key);
    }
}
