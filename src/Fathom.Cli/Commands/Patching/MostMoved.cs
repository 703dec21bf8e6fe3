using System.Globalization;
using Fathom.Patching;

namespace Fathom.Cli.Commands.Patching;

/// <summary>The cells that a person looks for first, with their numbers.</summary>
internal static class MostMoved
{
    private const int Rows = 5;

    private static readonly string[] InteractionColumn = ["interaction"];

    private static readonly string[] ChangeColumn = ["change"];

    private static readonly string[] EffectColumns = ["value", "change"];

    private static readonly string[] StatisticsColumns = ["std. error", "95 % interval", "p"];

    /// <summary>Writes the cells that moved most, if any moved by more than the noise floor.</summary>
    /// <param name="run">The command.</param>
    /// <param name="result">The result.</param>
    /// <param name="seed">The seed of statistics.</param>
    internal static void Show(Invocation run, SweepResult result, int seed)
    {
        if (Of(result, seed) is { Count: > 0 } table)
        {
            run.Terminal.Output.WriteLine();
            run.Write(table);
        }
    }

    /// <summary>The cells that moved most, by more than the noise floor; perhaps none.</summary>
    /// <param name="result">The result.</param>
    /// <param name="seed">The seed of statistics.</param>
    internal static TextTable Of(SweepResult result, int seed = 0)
    {
        var top = result.NothingMoved ? [] : result.Top(2 * Rows).Where(cell => Math.Abs(cell.Effect) > (result.NoiseFloor ?? 0) && !IsMirrored(result, cell.Cell)).Take(Rows).ToList();
        var statistics = result.Examples.Count > 1 ? result.Statistics(seed: seed) : null;
        var interaction = result.Sweep is PairSweep;
        // From an unpatched run at 0, value and change are the same; beside statistics there is room for the change alone.
        var plain = statistics is null && result.Metrics[0].Baseline.Any(b => b != 0);
        var table = new TextTable([interaction ? "strongest" : "most moved", .. interaction ? InteractionColumn : plain ? EffectColumns : ChangeColumn, .. statistics is null ? [] : StatisticsColumns]);
        foreach (var cell in top)
        {
            List<object?> row = [Label(result, cell.Cell)];
            row.AddRange(interaction ? [cell.Value] : plain ? [cell.Value, cell.Effect] : [cell.Effect]);
            if (statistics is not null)
            {
                var s = statistics[cell.Cell];
                row.AddRange([s.StandardError, string.Create(CultureInfo.InvariantCulture, $"{s.Low:0.####} to {s.High:0.####}"), s.PValue]);
            }

            table.Add([.. row]);
        }

        return table;
    }

    /// <summary>Whether a pair of places stands in the table as its mirror image already.</summary>
    private static bool IsMirrored(SweepResult result, int cell)
    {
        if (result.Sweep is not PairSweep pair || pair.First != pair.Second)
        {
            return false;
        }

        var (first, second) = Math.DivRem(cell, (int)Math.Round(Math.Sqrt(result.Values.Count)));
        return first > second;
    }

    /// <summary>The labels of a cell; of a path or a pair, both its ends.</summary>
    private static string Label(SweepResult result, int cell)
    {
        var first = result.Axes.Count(axis => axis.Name.StartsWith("sender_", StringComparison.Ordinal) || axis.Name.StartsWith("first_", StringComparison.Ordinal));
        if (first == 0 || first == result.Axes.Count)
        {
            return result.LabelOf(cell);
        }

        var labels = new string[result.Axes.Count];
        for (var a = labels.Length - 1; a >= 0; a--)
        {
            (cell, var at) = Math.DivRem(cell, result.Axes[a].Count);
            labels[a] = result.Axes[a].Labels[at];
        }

        return $"{string.Join(" ", labels[..first])} {(result.Sweep is PathSweep ? "->" : "with")} {string.Join(" ", labels[first..])}";
    }
}
