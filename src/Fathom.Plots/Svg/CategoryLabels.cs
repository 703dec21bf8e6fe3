namespace Fathom.Plots.Svg;

/// <summary>Labels in a row under a plot: flat where they fit, slanted or upright where not, thinned out where even that is too dense.</summary>
internal sealed class CategoryLabels
{
    private const double Size = 12;
    private const double Longest = 190;
    private readonly string[] labels;
    private readonly double pitch;
    private readonly int rotation;
    private readonly int stride;

    public CategoryLabels(IEnumerable<string> texts, double pitch, bool areNumbers, double longest = Longest)
    {
        this.pitch = pitch;
        labels = [.. texts.Select(t => TextMetrics.Fit(VisibleText.Of(t), Size, longest))];
        var widest = TextMetrics.Widest(labels, Size);
        var flat = Ticks.Stride(labels.Length, pitch, widest + 8);
        // Numbers read well when every fifth is written; names only when all of them are.
        rotation = flat == 1 || areNumbers || widest < 24 ? 0 : pitch >= 19 ? -45 : -90;
        stride = rotation == 0 ? flat : Ticks.Stride(labels, pitch, rotation == -45 ? 19 : 14);
        Height = rotation switch { 0 => 20, -45 => (widest * 0.71) + 18, _ => widest + 12 };
        // A slanted label leans out to the left of its own column.
        Left = labels.Select((label, c) => rotation switch
        {
            0 => (TextMetrics.Width(label, Size) / 2) - ((c + 0.5) * pitch),
            -45 => (TextMetrics.Width(label, Size) * 0.71) + 4 - ((c + 0.5) * pitch),
            _ => 0,
        }).Append(0).Max();
        var last = (labels.Length - 1) / stride * stride;
        Right = rotation == 0 ? Math.Max(0, (TextMetrics.Width(labels[last], Size) / 2) - ((labels.Length - last - 0.5) * pitch)) : 0;
    }

    /// <summary>The room that the labels take under the plot.</summary>
    public double Height { get; }

    /// <summary>How far they reach beyond the plot's left edge.</summary>
    public double Left { get; }

    /// <summary>How far they reach beyond the plot's right edge.</summary>
    public double Right { get; }

    public void Draw(SvgCanvas canvas, double x, double bottom)
    {
        for (var column = 0; column < labels.Length; column += stride)
        {
            var middle = x + ((column + 0.5) * pitch);
            _ = rotation switch
            {
                0 => canvas.Text(middle, bottom + 16, labels[column], "middle", Size),
                -45 => canvas.Text(middle + 4, bottom + 13, labels[column], "end", Size, "class=\"ft\"", -45),
                _ => canvas.Text(middle + 4, bottom + 7, labels[column], "end", Size, "class=\"ft\"", -90),
            };
            canvas.Line();
        }
    }
}
