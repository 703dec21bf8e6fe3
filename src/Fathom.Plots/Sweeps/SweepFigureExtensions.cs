using Fathom.Patching;

namespace Fathom.Plots.Sweeps;

/// <summary>Draws the results of sweeps.</summary>
public static class SweepFigureExtensions
{
    private const int MostPanels = 256;
    private const int MostColumns = 16;

    extension(SweepResult result)
    {
        /// <summary>The result as a heat map: two axes as rows and columns, further axes as panels side by side.</summary>
        /// <param name="title">What the figure shows. Null: the site and the axes.</param>
        /// <param name="metric">Which of the result's metrics; 0 is the sweep's own.</param>
        /// <param name="show">What the colours stand for. Null: the change from the unpatched run; of a normalised metric, the recovery.</param>
        /// <returns>A heat map whose white middle is a patch that changes nothing (with <see cref="ShownValue.Value"/>: 0), or small multiples of heat maps on one scale.
        /// Cells below the noise floor carry a dot; a value that is no number is hatched. Under the pointer stand the metric itself and, over several pairs, its spread.</returns>
        /// <exception cref="NoSeparationException">The recovery of a pair whose two runs have the same value.</exception>
        /// <exception cref="FigureDataException">The recovery of an interaction.</exception>
        public Figure ToFigure(string? title = null, int metric = 0, ShownValue? show = null)
        {
            ArgumentNullException.ThrowIfNull(result);
            ArgumentOutOfRangeException.ThrowIfNegative(metric);
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(metric, result.Metrics.Count);
            return Picture(result, new(result, metric, show)) with
            {
                Title = title ?? SweepWords.Title(result),
                Subtitle = SweepWords.Subtitle(result),
                Caption = SweepWords.Caption(result, metric),
                Provenance = SweepWords.Facts(result),
            };
        }
    }

    private static Figure Picture(SweepResult result, SweepCells cells)
    {
        var axes = result.Axes;
        if (result.Sweep is PathSweep or PairSweep && Split(result) is { } split)
        {
            return Map(cells, 0, split.Senders, split.Readers);
        }

        if (axes.Count <= 2)
        {
            return Map(cells, 0, axes.Count == 2 ? axes[0] : null, axes[^1]);
        }

        var size = axes[^1].Count * axes[^2].Count;
        var panels = result.Values.Count / size;
        if (panels <= MostPanels)
        {
            // The entries of one axis make a row, so that rows and columns of panels mean something.
            var columns = axes.Count > 3 && axes[^3].Count <= MostColumns ? axes[^3].Count : (int?)null;
            return Figure.SmallMultiples(Enumerable.Range(0, panels).Select(p => Map(cells, p * size, axes[^2], axes[^1]) with { Title = PanelLabel(result, p) }), columns: columns);
        }

        SweepAxis rows = new(string.Join(", ", axes.SkipLast(1).Select(a => SweepWords.Axis(a.Name))), [.. Enumerable.Range(0, result.Values.Count / axes[^1].Count).Select(r => RowLabel(result, r))], []);
        return Map(cells, 0, rows, axes[^1]);
    }

    private static HeatMap Map(SweepCells cells, int first, SweepAxis? rows, SweepAxis columns)
    {
        var height = rows?.Count ?? 1;
        int[] own = [.. Enumerable.Range(first, height * columns.Count)];
        return Figure.HeatMap(
            new Grid(height, columns.Count, own.Select(c => cells.Shown[c]).ToArray()),
            rows: [.. rows?.Labels ?? [""]],
            columns: [.. columns.Labels],
            rowTitle: rows is null ? null : SweepWords.Axis(rows.Name),
            columnTitle: SweepWords.Axis(columns.Name),
            valueTitle: cells.Title,
            center: cells.Center) with
        {
            NoiseFloor = cells.NoiseFloor,
            Baseline = cells.Baseline,
            SquareCells = rows is { Name: "query_pos" } && columns.Name == "key_pos",
            HoverText = [.. cells.HoverTexts(own)],
        };
    }

    /// <summary>All senders as rows and all readers as columns, where there are axes of both.</summary>
    private static (SweepAxis Senders, SweepAxis Readers)? Split(SweepResult result)
    {
        var pair = result.Sweep is PairSweep;
        var senders = result.Axes.TakeWhile(a => a.Name.StartsWith(pair ? "first_" : "sender_", StringComparison.Ordinal)).ToList();
        var readers = result.Axes.Skip(senders.Count).ToList();
        return senders.Count == 0 || readers.Count == 0 ? null : (Joined(pair ? "First" : "Sender", senders), Joined(pair ? "Second" : "Reader", readers));
    }

    private static SweepAxis Joined(string name, IReadOnlyList<SweepAxis> axes)
    {
        IEnumerable<string> labels = [""];
        foreach (var axis in axes)
        {
            labels = [.. labels.SelectMany(l => axis.Labels.Select(a => l.Length == 0 ? a : $"{l} {a}"))];
        }

        return new(name, [.. labels], []);
    }

    private static string PanelLabel(SweepResult result, int panel)
    {
        List<string> parts = [];
        for (var a = result.Axes.Count - 3; a >= 0; a--)
        {
            (panel, var at) = Math.DivRem(panel, result.Axes[a].Count);
            parts.Insert(0, result.Axes[a].Labels[at]);
        }

        return string.Join(", ", parts);
    }

    private static string RowLabel(SweepResult result, int row)
    {
        (row, var at) = Math.DivRem(row, result.Axes[^2].Count);
        return $"{PanelLabel(result, row)}, {result.Axes[^2].Labels[at]}";
    }
}
