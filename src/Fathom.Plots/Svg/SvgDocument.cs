namespace Fathom.Plots.Svg;

/// <summary>A figure as an SVG element: title, subtitle, drawing and caption in one frame.</summary>
internal static class SvgDocument
{
    private const double Padding = 16;

    // Bold letters of 16 pixels are as wide as regular ones of this size.
    private const double BoldSize = 17.4;

    // Presentation attributes are the light look, for readers that know no style sheets; the style sheet adds the dark one.
    private const string Style = "<style>@media(prefers-color-scheme:dark){.fb{fill:#0d1117}.ft{fill:#e6edf3}.fm{fill:#9198a1}.fl{stroke:#6e7681}.fg{stroke:#30363d}}</style>";

    /// <summary>A document of its own.</summary>
    public static string Of(Figure figure) => Element(figure.Valid(), "f", standsAlone: true);

    /// <summary>An element inside an HTML page, which brings the viewer and the style sheet.</summary>
    public static string Inline(Figure figure, string id) => Element(figure.Valid(), id, standsAlone: false);

    private static string Element(Figure figure, string id, bool standsAlone)
    {
        var drawing = figure.Draw(id);
        // Lines longer than this are hard to read, and a wide picture scrolls.
        var room = Math.Clamp(drawing.Width, 400, 1040);
        var titles = figure.Title is { Length: > 0 } title ? TextMetrics.Wrap(title, BoldSize, room) : [];
        var subtitles = figure.Subtitle is { Length: > 0 } subtitle ? TextMetrics.Wrap(subtitle, 12.5, room) : [];
        var captions = figure.Caption is { Length: > 0 } caption ? TextMetrics.Wrap(caption, 12, room) : [];
        var texts = titles.Select(t => TextMetrics.Width(t, BoldSize)).Concat(subtitles.Select(t => TextMetrics.Width(t, 12.5))).Concat(captions.Select(t => TextMetrics.Width(t, 12)));
        var width = Math.Ceiling(Math.Max(drawing.Width, texts.DefaultIfEmpty().Max()) + (2 * Padding));
        var top = Padding + (titles.Count * 21) + (subtitles.Count * 17) + (titles.Count + subtitles.Count > 0 ? 10 : 0);
        var height = Math.Ceiling(top + drawing.Height + (captions.Count == 0 ? 0 : 8 + (captions.Count * 16)) + Padding);

        var canvas = new SvgCanvas(standsAlone);
        canvas.Raw($"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{SvgCanvas.N(width)}\" height=\"{SvgCanvas.N(height)}\" viewBox=\"0 0 {SvgCanvas.N(width)} {SvgCanvas.N(height)}\" font-family=\"system-ui,-apple-system,'Segoe UI',Roboto,'Helvetica Neue',Arial,sans-serif\" fill=\"#1f2328\"");
        canvas.Raw(standsAlone ? $" role=\"img\" aria-label=\"{SvgCanvas.Escape(figure.Title ?? figure.Kind)}\">" : $" class=\"fathom-svg\" data-top=\"{SvgCanvas.N(Math.Max(0, top - 6))}\" data-bottom=\"{SvgCanvas.N(Math.Min(height, top + drawing.Height + 6))}\">").Line();
        if (standsAlone)
        {
            canvas.Raw($"<title>{SvgCanvas.Escape(figure.Title ?? figure.Kind)}</title>{Style}").Line();
            canvas.Rect(0, 0, width, height, "class=\"fb\" fill=\"#ffffff\" rx=\"6\"").Line();
        }

        var y = Padding + 4;
        foreach (var line in titles)
        {
            canvas.Text(Padding, y + 11, line, size: 16, attributes: "class=\"ft\" font-weight=\"600\"").Line();
            y += 21;
        }

        foreach (var line in subtitles)
        {
            canvas.Text(Padding, y + 9, line, size: 12.5, attributes: SvgCanvas.Muted).Line();
            y += 17;
        }

        drawing.Draw(canvas, Padding, top);
        y = top + drawing.Height + 20;
        foreach (var line in captions)
        {
            canvas.Text(Padding, y, line, attributes: SvgCanvas.Muted).Line();
            y += 16;
        }

        return canvas.Raw("</svg>").Line().ToString();
    }
}
