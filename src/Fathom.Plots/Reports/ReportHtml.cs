using System.Text;
using Fathom.Plots.Html;

namespace Fathom.Plots.Reports;

/// <summary>A report as a page.</summary>
internal static class ReportHtml
{
    public static string Of(Report report)
    {
        var body = new StringBuilder();
        body.Append($"<header><h1>{Markup.Text(report.Title)}</h1>");
        body.Append(report.Subtitle is { Length: > 0 } subtitle ? $"<p class=\"fathom-lead\">{Markup.Text(subtitle)}</p>" : "").Append("</header>\n");
        Contents(report, body);
        var (figures, sections) = (0, 0);
        foreach (var part in report.Parts)
        {
            body.Append(part switch
            {
                HeadingPart heading => $"<h2 id=\"section-{++sections}\">{Markup.Text(heading.Text)}</h2>\n",
                ParagraphPart words => string.Concat(words.Text.ReplaceLineEndings("\n").Split("\n\n").Select(p => $"<p>{Markup.Lines(p)}</p>\n")),
                PreformattedPart lines => $"<pre tabindex=\"0\">{Markup.Lines(lines.Text)}</pre>\n",
                TablePart table => Table(table),
                FigurePart figure => HtmlFigure.Of(figure.Figure, $"figure-{++figures}"),
                _ => throw new InvalidOperationException($"A report cannot show a {part.GetType().Name}."),
            });
        }

        return HtmlPage.Around(report.Title, body.ToString());
    }

    private static void Contents(Report report, StringBuilder body)
    {
        var headings = report.Parts.OfType<HeadingPart>().ToList();
        if (headings.Count < 3)
        {
            return;
        }

        body.Append("<nav aria-label=\"Contents\"><ol>");
        for (var i = 0; i < headings.Count; i++)
        {
            body.Append($"<li><a href=\"#section-{i + 1}\">{Markup.Text(headings[i].Text)}</a></li>");
        }

        body.Append("</ol></nav>\n");
    }

    private static string Table(TablePart table)
    {
        var classes = Enumerable.Range(0, table.Columns.Count).Select(c => table.IsNumeric(c) ? " class=\"fathom-number\"" : "").ToArray();
        var head = string.Concat(table.Columns.Select((cell, c) => $"<th scope=\"col\"{classes[c]}>{Markup.Text(cell)}</th>"));
        var rows = string.Concat(table.Rows.Select(row => $"<tr>{string.Concat(row.Select((cell, c) => $"<td{classes[c]}>{Markup.Text(cell)}</td>"))}</tr>\n"));
        return $"<div class=\"fathom-scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Table\"><table><thead><tr>{head}</tr></thead><tbody>\n{rows}</tbody></table></div>\n";
    }
}
