using Fathom.Plots.Terminal;

namespace Fathom.Plots.Reports;

/// <summary>A report as lines of text.</summary>
internal static class ReportTerminal
{
    public static string Of(Report report, TerminalOptions options)
    {
        var canvas = new TerminalCanvas(options);
        Heading(canvas, report.Title, '=');
        if (report.Subtitle is { Length: > 0 } subtitle)
        {
            canvas.Paragraph(subtitle);
        }

        foreach (var part in report.Parts)
        {
            canvas.End();
            switch (part)
            {
                case HeadingPart heading:
                    Heading(canvas, heading.Text, '-');
                    break;
                case ParagraphPart words:
                    canvas.Paragraph(words.Text);
                    break;
                case PreformattedPart lines:
                    foreach (var line in lines.Text.ReplaceLineEndings("\n").Split('\n'))
                    {
                        canvas.Append(VisibleText.Of(line.Replace("\t", "    ", StringComparison.Ordinal))).End();
                    }

                    break;
                case TablePart table:
                    Table(canvas, table);
                    break;
                case FigurePart figure:
                    canvas.Append(figure.Figure.ToTerminal(options));
                    break;
                default:
                    throw new InvalidOperationException($"A report cannot show a {part.GetType().Name}.");
            }
        }

        return canvas.ToString();
    }

    private static void Heading(TerminalCanvas canvas, string text, char underline)
    {
        text = VisibleText.Of(text);
        canvas.Append(text).End().Append(new string(underline, Math.Min(canvas.Width, CharWidth.Of(text)))).End();
    }

    private static void Table(TerminalCanvas canvas, TablePart table)
    {
        var widths = table.Columns.Select((head, c) => table.Rows.Select(r => r[c]).Append(head).Max(cell => CharWidth.Of(VisibleText.Of(cell)))).ToArray();
        foreach (var row in table.Rows.Prepend(table.Columns))
        {
            for (var c = 0; c < row.Count; c++)
            {
                canvas.Append(c == 0 ? "" : "  ").Append(CharWidth.Fit(VisibleText.Of(row[c]), widths[c], table.IsNumeric(c)));
            }

            canvas.End();
        }
    }
}
