using System.Text.Json.Serialization;
using Fathom.Plots.Colors;
using Fathom.Plots.Svg;
using Fathom.Plots.Terminal;

namespace Fathom.Plots;

/// <summary>Figures of the same kind side by side (facets), by default on one scale so that they can be compared.</summary>
public sealed record SmallMultiples : Figure
{
    /// <summary>The figures, row after row; each one's title stands above it.</summary>
    public required ValueList<Figure> Panels { get; init; }

    /// <summary>How many stand in a row. Null: as many as fit well.</summary>
    public int? Columns { get; init; }

    /// <summary>Whether all panels have the same colours or value axis for the same value. Heat maps then share one colour bar.</summary>
    public bool SharedScale { get; init; } = true;

    [JsonIgnore]
    internal override string Kind => "small-multiples";

    internal override IDrawing Draw(string id, Room? room, int panel)
    {
        var columns = Math.Min(Panels.Count, Columns ?? Preferred);
        return SharedScale && Panels.All(p => p is HeatMap)
            ? new HeatMapDrawing([.. Panels.Cast<HeatMap>()], Scale(), columns, PanelRoom(columns), id)
            : new PanelDrawing(Ranged(), columns, PanelRoom(columns), id);
    }

    internal override void Write(TerminalCanvas canvas)
    {
        if (SharedScale && Panels.All(p => p is HeatMap))
        {
            HeatMapTerminal.Write([.. Panels.Cast<HeatMap>()], Scale(), canvas);
            return;
        }

        foreach (var panel in Ranged())
        {
            canvas.End();
            canvas.Headings(panel);
            panel.Write(canvas);
        }
    }

    internal override FigureTable ToTable()
    {
        FigureTable[] tables = [.. Panels.Select(p => p.ToTable())];
        var all = new FigureTable(["panel", .. tables[0].Columns]);
        foreach (var (table, panel) in tables.Zip(Panels))
        {
            foreach (var row in table.Rows)
            {
                all.Add([panel.Title ?? "", .. row]);
            }
        }

        return all;
    }

    internal override void Validate()
    {
        Check.NotNull(Panels, nameof(Panels));
        Check.NotEmpty(Panels.Count, nameof(Panels));
        if (Columns < 1)
        {
            throw new FigureDataException(nameof(Columns), "at least 1", $"{Columns}", "Leave it out to let the figure choose.");
        }

        foreach (var panel in Panels)
        {
            Check.NotNull(panel, nameof(Panels));
            if (panel.GetType() != Panels[0].GetType() || panel is not (Chart or Plots.HeatMap or Plots.Histogram))
            {
                throw new FigureDataException(nameof(Panels), "heat maps or charts, all of one kind", $"{Panels[0].Kind} and {panel.Kind}", "Put different figures one after another in a Report.");
            }

            panel.Validate();
        }
    }

    private int Preferred => Panels.Count switch
    {
        <= 3 => Panels.Count,
        4 => 2,
        <= 9 => 3,
        <= 16 => 4,
        _ => Math.Min(12, (int)Math.Ceiling(Math.Sqrt(Panels.Count * 1.3))),
    };

    private static Room PanelRoom(int columns) => new(Math.Max(90, 760.0 / columns), columns == 1 ? 300 : Math.Max(90, 660.0 / columns));

    private ColorScale Scale()
    {
        HeatMap[] maps = [.. Panels.Cast<HeatMap>()];
        double[] values = [.. maps.SelectMany(m => m.Values.AsSpan().ToArray())];
        return ColorScale.Over(values, maps[0].Palette, maps[0].Center, maps.Min(m => m.Minimum), maps.Max(m => m.Maximum));
    }

    private ValueList<Figure> Ranged()
    {
        if (!SharedScale || Panels[0] is HeatMap)
        {
            return Panels;
        }

        var extents = Panels.Select(p => p.ValueExtent()).Where(e => e.Low <= e.High).ToList();
        return extents.Count == 0 ? Panels : (ValueList<Figure>)[.. Panels.Select(p => p.WithRange(extents.Min(e => e.Low), extents.Max(e => e.High)))];
    }
}
