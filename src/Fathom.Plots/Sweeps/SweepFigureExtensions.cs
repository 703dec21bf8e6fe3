using System.Globalization;
using Fathom.Patching;

namespace Fathom.Plots.Sweeps;

/// <summary>Draws the results of sweeps.</summary>
public static class SweepFigureExtensions
{
    private const int MostPanels = 36;

    extension(SweepResult result)
    {
        /// <summary>The result as a heat map: two axes as rows and columns, further axes as panels side by side.</summary>
        /// <param name="title">What the figure shows. Null: the site and the axes.</param>
        /// <param name="metric">Which of the result's metrics; 0 is the sweep's own.</param>
        /// <returns>A heat map centred at 0, or small multiples of heat maps on one scale. Cells below the noise floor carry a dot; a value that is no number is hatched.</returns>
        public Figure ToFigure(string? title = null, int metric = 0)
        {
            ArgumentNullException.ThrowIfNull(result);
            ArgumentOutOfRangeException.ThrowIfNegative(metric);
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(metric, result.Metrics.Count);
            title ??= result.Sweep is PathSweep ? $"Paths from {result.Sweep.What}" : result.Sweep is PairSweep ? $"Interaction of {result.Sweep.What}" : $"{result.Sweep.What} by {string.Join(" and ", result.Axes.Select(a => Title(a.Name).ToLowerInvariant()))}";
            var values = result.Metrics[metric];
            var shape = result.Shape;
            if (result.Sweep is PathSweep or PairSweep && Split(result) is { } split)
            {
                var (senders, readers) = split;
                return Map(result, values, 0, senders, readers) with { Title = title, Subtitle = Subtitle(result), Caption = Caption(result), Provenance = Facts(result) };
            }

            if (shape.Count <= 2)
            {
                return Map(result, values, 0, result.Axes.Count == 2 ? result.Axes[0] : null, result.Axes[^1]) with { Title = title, Subtitle = Subtitle(result), Caption = Caption(result), Provenance = Facts(result) };
            }

            var cells = shape[^1] * shape[^2];
            var panels = result.Values.Count / cells;
            if (panels <= MostPanels)
            {
                return Figure.SmallMultiples(Enumerable.Range(0, panels).Select(p => Map(result, values, p * cells, result.Axes[^2], result.Axes[^1]) with { Title = PanelLabel(result, p) }), title)
                    with
                { Subtitle = Subtitle(result), Caption = Caption(result), Provenance = Facts(result) };
            }

            SweepAxis rows = new(string.Join(", ", result.Axes.SkipLast(1).Select(a => Title(a.Name))), [.. Enumerable.Range(0, result.Values.Count / shape[^1]).Select(r => RowLabel(result, r))], []);
            return Map(result, values, 0, rows, result.Axes[^1]) with { Title = title, Subtitle = Subtitle(result), Caption = Caption(result), Provenance = Facts(result) };
        }
    }

    private static HeatMap Map(SweepResult result, MetricValues values, int first, SweepAxis? rows, SweepAxis columns)
    {
        var height = rows?.Count ?? 1;
        // What one path does is small beside what the model does: the change is drawn.
        var change = result.Sweep is PathSweep && values.Baseline.Average() is var unpatched && double.IsFinite(unpatched) ? unpatched : (double?)null;
        var cells = values.Mean.Skip(first).Take(height * columns.Count).Select(v => v - (change ?? 0)).ToArray();
        return Figure.HeatMap(
            new Grid(height, columns.Count, cells),
            rows: [.. rows?.Labels ?? [""]],
            columns: [.. columns.Labels],
            rowTitle: rows is null ? null : Title(rows.Name),
            columnTitle: Title(columns.Name),
            valueTitle: $"{(change is null ? "" : "change of ")}{values.Metric.Name} ({values.Metric.Unit})") with
        {
            NoiseFloor = ReferenceEquals(values, result.Metrics[0]) ? result.Checks.NoiseFloor : null,
            Baseline = change is not null ? 0 : values.Baseline.Average() is var b && double.IsFinite(b) ? b : null,
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

    private static string Title(string axis) => axis switch
    {
        "layer" => "Layer",
        "pos" => "Position",
        "head" => "Head",
        "kv_head" => "Key-value head",
        "query_pos" => "Destination",
        "key_pos" => "Source",
        "d_mlp" => "Neuron",
        "expert" => "Expert",
        "first_layer" => "First layer",
        "first_head" => "First head",
        "second_layer" => "Second layer",
        "second_head" => "Second head",
        "sender_layer" => "Sender's layer",
        "sender_head" => "Sender's head",
        "sender_pos" => "Sender's position",
        "reader_layer" => "Reader's layer",
        "reader_head" => "Reader's head",
        "reader_kv_head" => "Reader's key-value head",
        var other => other,
    };

    private static string Subtitle(SweepResult result) =>
        $"{result.Sweep.What} of {result.Sweep.From} put into {result.Sweep.Into} ({result.Sweep.Direction.ToString().ToLowerInvariant()}), {result.Provenance.Model}";

    private static string Caption(SweepResult result)
    {
        var values = result.Metrics[0];
        var (clean, corrupted) = (values.Clean.Average(), values.Corrupted.Average());
        var text = string.Create(CultureInfo.InvariantCulture, $"{result.Sweep.Metric.Name}: {clean:0.###} on the clean run, {corrupted:0.###} on the corrupted one.");
        text += result.Checks.MaxDifference is { } difference ? string.Create(CultureInfo.InvariantCulture, $" {result.Checks.CheckedCells} cell(s) run again as whole forward runs differ by at most {difference:0.0e0}.") : "";
        text += result.Checks.NoiseFloor is { } floor ? string.Create(CultureInfo.InvariantCulture, $" Noise floor {floor:0.0e0}.") : "";
        return result.NothingMoved ? text + " No cell moved." : text;
    }

    private static ValueList<Fact> Facts(SweepResult result) =>
    [
        new("model", result.Provenance.Model),
        new("revision", result.Provenance.Revision ?? "none"),
        new("weights", result.Provenance.Processing),
        new("precision", result.Provenance.Precision),
        new("path", result.Provenance.Path.ToString().ToLowerInvariant()),
        new("experiment", result.Sweep.ToString()),
        new("work", result.Work.ToString()),
        new("version", result.Provenance.Version),
    ];
}
