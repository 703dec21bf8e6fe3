using Fathom.Patching;

namespace Fathom.Cli.Commands.Patching;

/// <summary>The cells that a person looks for first, with their numbers.</summary>
internal static class MostMoved
{
    private const int Rows = 5;

    private static readonly string[] StatisticsColumns = ["std. error", "95 % from", "to", "p"];

    /// <summary>Writes the cells that moved most, if any moved by more than the noise floor.</summary>
    /// <param name="run">The command.</param>
    /// <param name="result">The result.</param>
    /// <param name="seed">The seed of statistics.</param>
    internal static void Show(Invocation run, SweepResult result, int seed)
    {
        var top = result.Top(Rows).Where(cell => Math.Abs(cell.Effect) > (result.Checks.NoiseFloor ?? 0)).ToList();
        if (top.Count == 0 || result.NothingMoved)
        {
            return;
        }

        var statistics = result.Examples.Count > 1 ? result.Statistics(seed: seed) : null;
        var interaction = result.Sweep is PairSweep;
        var table = new TextTable([interaction ? "strongest" : "most moved", .. interaction ? ["interaction"] : new[] { "value", "change" }, .. statistics is null ? [] : StatisticsColumns]);
        foreach (var cell in top)
        {
            List<object?> row = [result.LabelOf(cell.Cell)];
            row.AddRange(interaction ? [cell.Value] : [cell.Value, cell.Effect]);
            if (statistics is not null)
            {
                var s = statistics[cell.Cell];
                row.AddRange([s.StandardError, s.Low, s.High, s.PValue]);
            }

            table.Add([.. row]);
        }

        run.Terminal.Output.WriteLine();
        run.Write(table);
    }
}
