using System.IO.Compression;
using System.Text;
using Fathom.Plots.Svg;

namespace Fathom.Plots.Html;

/// <summary>A figure as an HTML element: the drawing, which is there without any script, and the data that the viewer reads.</summary>
internal static class HtmlFigure
{
    private const int LongestPlainData = 24_000;

    public static string Of(Figure figure, string id)
    {
        var text = new StringBuilder();
        text.Append($"<figure class=\"fathom-figure\" id=\"{id}\" data-kind=\"{figure.Kind}\">\n<div class=\"fathom-scroll\">\n");
        text.Append(figure is AttentionPatterns attention ? Attention(attention) : SvgDocument.Inline(figure, id));
        text.Append("</div>\n").Append(Provenance(figure)).Append(Data(figure.ToJson())).Append("</figure>\n");
        return text.ToString();
    }

    /// <summary>Hundreds of heads are painted by the viewer; without it, the title and the reason are left.</summary>
    private static string Attention(AttentionPatterns figure) =>
        $"<div class=\"fathom-attention-title\">{Markup.Text(figure.Valid().Title ?? "Attention patterns")}</div>\n{Note(figure.Subtitle)}<div class=\"fathom-attention\"><span>This view is painted by its script, which this page does not run. The SVG and JSON formats need none.</span></div>\n{Note(figure.Caption)}";

    private static string Note(string? words) => words is { Length: > 0 } ? $"<div class=\"fathom-attention-note\">{Markup.Text(words)}</div>\n" : "";

    private static string Provenance(Figure figure) => figure.Provenance.Count == 0 ? "" :
        $"<details class=\"fathom-facts\"><summary>Provenance</summary><dl>{string.Concat(figure.Provenance.Select(f => $"<dt>{SvgCanvas.Escape(f.Name)}</dt><dd>{SvgCanvas.Escape(f.Value)}</dd>"))}</dl></details>\n";

    private static string Data(string json)
    {
        if (json.Length <= LongestPlainData)
        {
            return $"<script type=\"application/json\" class=\"fathom-data\">{json}</script>\n";
        }

        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.SmallestSize, leaveOpen: true))
        {
            gzip.Write(Encoding.UTF8.GetBytes(json));
        }

        return $"<script type=\"text/plain\" class=\"fathom-data\" data-encoding=\"gzip\">{Convert.ToBase64String(packed.ToArray())}</script>\n";
    }
}
