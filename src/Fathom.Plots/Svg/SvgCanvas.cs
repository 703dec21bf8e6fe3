using System.Globalization;
using System.Text;

namespace Fathom.Plots.Svg;

/// <summary>Writes SVG elements as text, numbers rounded to hundredths so that the bytes do not depend on the machine.</summary>
internal sealed class SvgCanvas(bool standsAlone)
{
    /// <summary>The attributes of text that explains rather than tells.</summary>
    public const string Muted = "class=\"fm\" fill=\"#59636e\"";

    private readonly StringBuilder text = new();

    /// <summary>Whether the picture must do without a viewer: then marks carry their own tooltips.</summary>
    public bool StandsAlone => standsAlone;

    public static string N(double value) => (Math.Round(value, 2, MidpointRounding.AwayFromZero) + 0.0).ToString("0.##", CultureInfo.InvariantCulture);

    public static string Escape(string value) => VisibleText.Of(value)
        .Replace("&", "&amp;", StringComparison.Ordinal)
        .Replace("<", "&lt;", StringComparison.Ordinal)
        .Replace(">", "&gt;", StringComparison.Ordinal)
        .Replace("\"", "&quot;", StringComparison.Ordinal);

    public SvgCanvas Raw(string markup)
    {
        text.Append(markup);
        return this;
    }

    public SvgCanvas Line() => Raw("\n");

    public SvgCanvas Rect(double x, double y, double width, double height, string attributes, string? tooltip = null)
    {
        text.Append(CultureInfo.InvariantCulture, $"<rect x=\"{N(x)}\" y=\"{N(y)}\" width=\"{N(width)}\" height=\"{N(height)}\" {attributes}");
        return Close("rect", tooltip);
    }

    public SvgCanvas Circle(double x, double y, double radius, string attributes, string? tooltip = null)
    {
        text.Append(CultureInfo.InvariantCulture, $"<circle cx=\"{N(x)}\" cy=\"{N(y)}\" r=\"{N(radius)}\" {attributes}");
        return Close("circle", tooltip);
    }

    public SvgCanvas Segment(double x1, double y1, double x2, double y2, string attributes) =>
        Raw($"<path d=\"M{N(x1)} {N(y1)}L{N(x2)} {N(y2)}\" {attributes}/>");

    /// <summary>Text whose spaces all count.</summary>
    /// <param name="x">The anchor.</param>
    /// <param name="y">The baseline.</param>
    /// <param name="value">The text.</param>
    /// <param name="anchor">start, middle or end.</param>
    /// <param name="size">In pixels.</param>
    /// <param name="attributes">More attributes; a class of <c>fm</c> is muted ink.</param>
    /// <param name="rotate">Degrees clockwise around the anchor.</param>
    public SvgCanvas Text(double x, double y, string value, string anchor = "start", double size = 12, string attributes = "class=\"ft\"", double rotate = 0)
    {
        text.Append("<text ");
        text.Append(rotate == 0
            ? $"x=\"{N(x)}\" y=\"{N(y)}\""
            : $"transform=\"translate({N(x)} {N(y)}) rotate({N(rotate)})\"");
        if (anchor != "start")
        {
            text.Append(CultureInfo.InvariantCulture, $" text-anchor=\"{anchor}\"");
        }

        if (value.Contains("  ", StringComparison.Ordinal) || value.StartsWith(' ') || value.EndsWith(' '))
        {
            text.Append(" xml:space=\"preserve\" style=\"white-space:pre\"");
        }

        text.Append(CultureInfo.InvariantCulture, $" font-size=\"{N(size)}\" {attributes}>{Escape(value)}</text>");
        return this;
    }

    /// <summary>In a page, the area that the viewer watches for the pointer and the arrow keys.</summary>
    public void Hit(double x, double y, double width, double height, int panel, string label, string data = "")
    {
        if (!standsAlone)
        {
            Rect(x, y, width, height, $"class=\"fathom-hit\" data-panel=\"{Numbers.Whole(panel)}\" {data}tabindex=\"0\" role=\"application\" aria-label=\"{Escape(label)}. Arrow keys move.\" fill=\"none\" pointer-events=\"all\"").Line();
        }
    }

    public override string ToString() => text.ToString();

    private SvgCanvas Close(string element, string? tooltip)
    {
        if (tooltip is null)
        {
            text.Append("/>");
        }
        else
        {
            text.Append(CultureInfo.InvariantCulture, $"><title>{string.Join('\n', tooltip.Split('\n').Select(Escape))}</title></{element}>");
        }

        return this;
    }
}
