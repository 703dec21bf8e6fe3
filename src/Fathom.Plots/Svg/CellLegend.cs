namespace Fathom.Plots.Svg;

/// <summary>Says what hatched cells and dotted cells mean, when there are any.</summary>
internal sealed class CellLegend
{
    private readonly List<(bool Hatched, string Text)> items = [];
    private readonly string hatch;

    public CellLegend(IReadOnlyList<HeatMap> maps, string hatch, bool showsNoise)
    {
        this.hatch = hatch;
        var missing = maps.Sum(m => m.Values.AsSpan().ToArray().Count(v => !double.IsFinite(v)));
        HasMissing = missing > 0;
        if (HasMissing)
        {
            items.Add((true, missing == 1 ? "1 cell has no finite value" : $"{Numbers.Whole(missing)} cells have no finite value"));
        }

        if (showsNoise && maps.FirstOrDefault(m => m.NoiseFloor is not null) is { } first)
        {
            var noise = maps.Sum(m => m.Values.AsSpan().ToArray().Count(m.IsNoise));
            if (noise > 0)
            {
                items.Add((false, first.NoiseText));
            }
        }
    }

    public bool HasMissing { get; init; }

    public double Height => items.Count * 18;

    public double Width => items.Count == 0 ? 0 : 20 + TextMetrics.Widest(items.Select(i => i.Text), 11);

    /// <summary>The pattern that hatched cells are filled with.</summary>
    public void Define(SvgCanvas canvas)
    {
        if (HasMissing)
        {
            canvas.Raw($"<defs><pattern id=\"{hatch}\" width=\"6\" height=\"6\" patternUnits=\"userSpaceOnUse\" patternTransform=\"rotate(45)\"><path d=\"M0 0V6\" stroke=\"#9aa4ae\" stroke-width=\"1.6\"/></pattern></defs>").Line();
        }
    }

    public void Draw(SvgCanvas canvas, double x, double y)
    {
        foreach (var (hatched, text) in items)
        {
            if (hatched)
            {
                canvas.Rect(x, y + 5, 12, 12, $"fill=\"url(#{hatch})\" stroke=\"#9aa4ae\" stroke-width=\"0.75\"");
            }
            else
            {
                canvas.Circle(x + 6, y + 11, 2, "fill=\"#6e7781\"");
            }

            canvas.Text(x + 20, y + 15, text, size: 11, attributes: SvgCanvas.Muted).Line();
            y += 18;
        }
    }
}
