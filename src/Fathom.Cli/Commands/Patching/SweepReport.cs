using System.Globalization;
using Fathom.Models;
using Fathom.Patching;
using Fathom.Plots;
using Fathom.Plots.Sweeps;

namespace Fathom.Cli.Commands.Patching;

/// <summary>Shows the results of sweeps: files, one JSON document, heat maps on a screen, one row for each cell in a pipe.</summary>
internal static class SweepReport
{
    private static readonly string[] SweepColumn = ["sweep"];

    private static readonly string[] RecoveryColumn = ["recovery"];

    private static readonly string[] StatisticsColumns = ["standard_error", "low", "high", "p_value"];

    /// <summary>Shows results.</summary>
    /// <param name="run">The command.</param>
    /// <param name="model">The model it ran on.</param>
    /// <param name="schema">The JSON document's schema.</param>
    /// <param name="results">The results, in order.</param>
    /// <param name="outputs">The files asked for.</param>
    /// <param name="title">The figures' title, where the user gave one.</param>
    /// <param name="show">What the figures' colours stand for, where the user said so.</param>
    /// <param name="seed">The seed of statistics.</param>
    internal static void Show(Invocation run, HookedTransformer model, string schema, IReadOnlyList<SweepResult> results, FigureOutputs outputs, string? title, ShownValue? show, int seed)
    {
        List<Figure> figures = [.. results.Select(result => result.ToFigure(title, show: show))];
        for (var i = 0; i < results.Count; i++)
        {
            outputs.Save(run, figures[i], results.Count == 1 ? null : FileNameOf(results[i]));
        }

        foreach (var result in results)
        {
            Warn(run, result);
        }

        if (run.Json)
        {
            run.WriteJson(schema, json =>
            {
                ModelOptions.WriteProvenance(json, run, model);
                if (results.Count == 1)
                {
                    SweepJson.Write(json, results[0], seed);
                    return;
                }

                json.WriteArray("results", results, result =>
                {
                    json.WriteStartObject();
                    SweepJson.Write(json, result, seed);
                    json.WriteEndObject();
                });
            });
            return;
        }

        for (var i = 0; i < results.Count; i++)
        {
            if (!run.Terminal.OutputIsTerminal)
            {
                run.Write(Table(results[i], results.Count > 1, show == ShownValue.Recovery, seed));
                continue;
            }

            if (i > 0)
            {
                run.Terminal.Output.WriteLine();
            }

            run.Terminal.Output.Write(figures[i].ToTerminal(run.Terminal.Figures));
            MostMoved.Show(run, results[i], seed);
            run.Note(Wrapping.Wrap($"Work: {results[i].Work}.", run.Terminal.Width));
        }
    }

    private static string FileNameOf(SweepResult result) => result.Sweep.What.Replace(' ', '-');

    private static void Warn(Invocation run, SweepResult result)
    {
        List<int> said = [];
        foreach (var metric in result.Metrics.Where(metric => metric.NotNumbers > 0))
        {
            var blank = Enumerable.Range(0, result.Values.Count).Where(cell => metric.Examples.Any(example => !double.IsFinite(example[cell]))).ToList();
            if (blank.SequenceEqual(said))
            {
                continue;
            }

            said = blank;
            var text = $"{metric.Metric.Name} is no number in {blank.Count} of {result.Values.Count} cells ({string.Join("; ", blank.Take(3).Select(result.LabelOf))}{(blank.Count > 3 ? "; ..." : "")}); they are left blank and enter no average.";
            run.Note(run.Terminal.ErrorIsTerminal ? Wrapping.Wrap(text, run.Terminal.Width) : text);
        }

        if (result.NothingMoved)
        {
            run.Note("No cell moved by more than rounding.");
        }
    }

    // Long form: one row per cell.
    private static TextTable Table(SweepResult result, bool several, bool recovery, int seed)
    {
        var statistics = result.Examples.Count > 1 ? result.Statistics(seed: seed) : null;
        var table = new TextTable([
            .. several ? SweepColumn : [],
            .. result.Axes.SelectMany(axis => new[] { axis.Name, $"{axis.Name}_label" }),
            "value", "effect",
            .. recovery ? RecoveryColumn : [],
            .. result.Metrics.Skip(1).SelectMany(metric => new[] { Word(metric), $"{Word(metric)}_effect" }),
            .. statistics is null ? [] : StatisticsColumns]);
        var recovered = recovery ? Enumerable.Range(0, result.Examples.Count).Select(result.Metrics[0].Recovery).ToList() : [];
        for (var cell = 0; cell < result.Values.Count; cell++)
        {
            var row = new List<object?>();
            var rest = cell;
            foreach (var axis in result.Axes.Reverse())
            {
                (rest, var at) = Math.DivRem(rest, axis.Count);
                row.InsertRange(0, [axis.Indices[at].ToString(CultureInfo.InvariantCulture), axis.Labels[at]]);
            }

            if (several)
            {
                row.Insert(0, result.Sweep.What);
            }

            foreach (var metric in result.Metrics)
            {
                row.AddRange([metric.Mean[cell], metric.Mean[cell] - metric.Baseline.Average()]);
                if (recovery && metric == result.Metrics[0])
                {
                    row.Add(recovered.Average(example => example[cell]));
                }
            }

            if (statistics is not null)
            {
                row.AddRange([statistics[cell].StandardError, statistics[cell].Low, statistics[cell].High, statistics[cell].PValue]);
            }

            table.Add([.. row]);
        }

        return table;
    }

    private static string Word(MetricValues metric) =>
        string.Concat(metric.Metric.Kind.ToString().Select((c, i) => char.IsUpper(c) ? (i > 0 ? "_" : "") + char.ToLowerInvariant(c) : $"{c}"));
}
