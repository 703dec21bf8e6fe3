using System.Security.Cryptography;
using System.Text;
using Fathom.Plots.Svg;

namespace Fathom.Plots.Html;

/// <summary>Pages that need nothing but themselves. Their content policy forbids every request and every script but the viewer.</summary>
internal static class HtmlPage
{
    public static string Of(Figure figure) => Around(figure.Title ?? figure.Kind, HtmlFigure.Of(figure, "figure-1"));

    public static string FragmentOf(Figure figure, string id)
    {
        if (string.IsNullOrEmpty(id) || !id.All(c => char.IsAsciiLetterOrDigit(c) || c == '-'))
        {
            throw new FigureDataException("id", "letters, digits and hyphens", $"'{id}'", "Use for example 'figure-2'.");
        }

        return $"<div class=\"fathom\"><style>{Resources.Style}</style>{HtmlFigure.Of(figure, id)}<script>{Resources.Script}</script></div>\n";
    }

    public static string Around(string title, string body)
    {
        var hash = Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(Resources.Script)));
        return $"""
            <!doctype html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-{hash}'; img-src data:">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="generator" content="Fathom">
            <link rel="icon" href="data:,">
            <title>{SvgCanvas.Escape(title)}</title>
            <style>{Resources.Style}</style>
            </head>
            <body class="fathom fathom-page">
            <main>
            {body}
            </main>
            <script>{Resources.Script}</script>
            </body>
            </html>

            """;
    }
}
