namespace Fathom.Plots.Svg;

/// <summary>What an axis is, along it, in as many lines as it needs.</summary>
internal sealed class AxisTitle
{
    private const double Size = 12;
    private const double LineHeight = 15;
    private const int MostLines = 4;
    private readonly IReadOnlyList<string> lines;

    public AxisTitle(string? text, double along)
    {
        lines = text is { Length: > 0 } ? TextMetrics.Wrap(VisibleText.Of(text), Size, Math.Max(along, 80)) : [];
        if (lines.Count > MostLines)
        {
            lines = [.. lines.Take(MostLines - 1), TextMetrics.Fit(lines[MostLines - 1] + "…", Size, Math.Max(along, 80))];
        }
    }

    /// <summary>The room across the axis.</summary>
    public double Thickness => lines.Count == 0 ? 0 : 5 + (lines.Count * LineHeight);

    /// <summary>Writes the title under an axis, around its middle.</summary>
    public void DrawUnder(SvgCanvas canvas, double middle, double bottom)
    {
        for (var line = 0; line < lines.Count; line++)
        {
            canvas.Text(middle, bottom - 4 - ((lines.Count - 1 - line) * LineHeight), lines[line], "middle", Size, SvgCanvas.Muted).Line();
        }
    }

    /// <summary>Writes the title upwards beside an axis, around its middle.</summary>
    public void DrawBeside(SvgCanvas canvas, double left, double middle)
    {
        for (var line = 0; line < lines.Count; line++)
        {
            canvas.Text(left + 12 + (line * LineHeight), middle, lines[line], "middle", Size, SvgCanvas.Muted, -90).Line();
        }
    }
}
