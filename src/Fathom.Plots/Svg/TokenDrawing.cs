using Fathom.Plots.Colors;

namespace Fathom.Plots.Svg;

/// <summary>Tokens as coloured boxes that flow like text, strip under strip, with the colours' meaning below.</summary>
internal sealed class TokenDrawing : IDrawing
{
    private const double Size = 13;
    // The advance of the widest common monospaced face.
    private const double Advance = 0.61 * Size;
    private const double LineHeight = 26;
    private const string Font = "font-family=\"ui-monospace,SFMono-Regular,Menlo,Consolas,'DejaVu Sans Mono',monospace\"";
    private readonly ColoredTokens figure;
    private readonly ColorScale scale;
    private readonly string id;
    private readonly List<(int Token, double X, int Line, double Width, string Text)> boxes = [];
    private readonly int lines;
    private readonly double width;
    private readonly double stripTitle;

    public TokenDrawing(ColoredTokens figure, Room room, string id)
    {
        (this.figure, this.id, scale) = (figure, id, figure.Scale());
        stripTitle = figure.Values.Rows > 1 || figure.StripLabels.Count > 0 ? 20 : 0;
        var (x, line) = (0.0, 0);
        for (var token = 0; token < figure.Tokens.Count; token++)
        {
            var text = TokenLabels.Visible(figure.Tokens[token]);
            var box = Math.Max(14, (CharWidth.Of(text) * Advance) + 6);
            if (x > 0 && x + box > room.Width)
            {
                (x, line) = (0, line + 1);
            }

            boxes.Add((token, x, line, box, text));
            width = Math.Max(width, x + box);
            (x, line) = figure.Tokens[token].Contains('\n', StringComparison.Ordinal) ? (0, line + 1) : (x + box + 2, line);
        }

        lines = boxes[^1].Line + 1;
    }

    public double Width => Math.Max(width, 300);

    public double Height => (figure.Values.Rows * ((lines * LineHeight) + stripTitle + 6)) + 30;

    public void Draw(SvgCanvas canvas, double x, double y)
    {
        var legend = new CellLegend([], $"{id}-hatch", showsNoise: false) { HasMissing = figure.Values.AsSpan().ToArray().Any(v => !double.IsFinite(v)) };
        legend.Define(canvas);
        for (var strip = 0; strip < figure.Values.Rows; strip++)
        {
            if (stripTitle > 0)
            {
                canvas.Text(x, y + 13, figure.StripLabel(strip), size: 12, attributes: SvgCanvas.Muted).Line();
                y += stripTitle;
            }

            foreach (var box in boxes)
            {
                var value = figure.Values[strip, box.Token];
                var (fill, ink) = double.IsFinite(value) ? (scale.At(value).Hex, scale.At(value).IsDark ? "fill=\"#ffffff\"" : "fill=\"#1f2328\"") : ($"url(#{id}-hatch)", "class=\"ft\"");
                var (left, top) = (x + box.X, y + (box.Line * LineHeight));
                canvas.Rect(left, top, box.Width, LineHeight - 4, $"rx=\"3\" fill=\"{fill}\" {(canvas.StandsAlone ? "" : $"class=\"fathom-mark\" data-strip=\"{Numbers.Whole(strip)}\" data-token=\"{Numbers.Whole(box.Token)}\"")}", canvas.StandsAlone ? figure.Tooltip(strip, box.Token) : null);
                canvas.Text(left + (box.Width / 2), top + 15, box.Text, "middle", Size, $"{Font} {ink} pointer-events=\"none\"").Line();
            }

            y += (lines * LineHeight) + 6;
        }

        Scale(canvas, x, y + 6);
    }

    private void Scale(SvgCanvas canvas, double x, double y)
    {
        if (!scale.HasValues)
        {
            return;
        }

        var low = Numbers.Short(scale.Low, figure.Decimals);
        var at = x + TextMetrics.Width(low, 11) + 6;
        canvas.Text(x, y + 11, low, size: 11, attributes: SvgCanvas.Muted);
        for (var i = 0; i < 48; i++)
        {
            canvas.Rect(at + (i * 2.5), y + 2, 2.6, 10, $"fill=\"{scale.At(scale.Low + ((scale.High - scale.Low) * (i + 0.5) / 48)).Hex}\" shape-rendering=\"crispEdges\"");
        }

        canvas.Text(at + 126, y + 11, $"{Numbers.Short(scale.High, figure.Decimals)}{(figure.ValueTitle is { } title ? $"   {title}" : "")}", size: 11, attributes: SvgCanvas.Muted).Line();
    }
}
