using Fathom.Hooks;
using Fathom.Patching.Plain;

namespace Fathom.Patching.Checking;

/// <summary>Computes a sample of cells a second time by whole forward runs, and compares.</summary>
internal static class SelfCheck
{
    private const int RunsTogether = 8;

    /// <summary>The most logits of whole runs that are computed at once.</summary>
    private const long MostLogits = 32L << 20;

    /// <summary>Checks each sweep of a job.</summary>
    /// <param name="job">The job.</param>
    /// <param name="values">What the engine computed.</param>
    /// <param name="options">How many cells, and the seed.</param>
    /// <param name="noise">The noise floor of each sweep's own metric.</param>
    /// <param name="strict">Whether a difference beyond the tolerance fails.</param>
    /// <exception cref="SweepCheckException">A cell differs.</exception>
    public static IReadOnlyList<SweepChecks> Run(PatchJob job, IReadOnlyList<SweepValues> values, SweepOptions options, IReadOnlyList<double> noise, bool strict)
    {
        using PlainPath plain = new(job);
        List<(ExampleRun Run, int Cell)> chosen = [.. job.Sweeps.SelectMany((s, n) => Sample(job, s, n, options))];
        var together = chosen.Count is > 0 and <= RunsTogether && chosen.All(c => c.Run.Donor.IsRun && c.Run.FirstPath < 0 && job.Sweeps[c.Run.Sweep].Sweep.Replacement is not ExchangeReplacement) && chosen.SelectMany(c => new[] { c.Run.Into, c.Run.Donor.Prompt }).Select(p => job.Prompts[p].Length).Distinct().Count() == 1;
        if (!together)
        {
            plain.Prepare(chosen.Select(c => c.Run));
        }

        var differences = new double[job.Sweeps.Count];
        foreach (var batch in chosen.GroupBy(c => job.Prompts[c.Run.Into].Length).SelectMany(g => g.Chunk(together ? RunsTogether : (int)Math.Clamp(MostLogits / ((long)g.Key * job.Model.Config.DVocab), 1, RunsTogether))))
        {
            options.Cancellation.ThrowIfCancellationRequested();
            var scores = together ? plain.ScoreBesideDonors(batch) : plain.Score(batch);
            foreach (var ((run, cell), own) in batch.Zip(scores))
            {
                for (var m = 0; m < own.Length; m++)
                {
                    var engine = values[run.Sweep].Cells[m][run.Example][cell];
                    var difference = Difference(engine, own[m]);
                    differences[run.Sweep] = Math.Max(differences[run.Sweep], difference);
                    if (strict && !(difference <= Tolerance(values[run.Sweep], m)))
                    {
                        var sweep = job.Sweeps[run.Sweep];
                        var label = string.Join(", ", sweep.IndicesOf(cell).Zip(sweep.Axes, (i, a) => a.Labels[i]));
                        throw new SweepCheckException(sweep.Sweep.What, label, engine, own[m], Tolerance(values[run.Sweep], m));
                    }
                }
            }
        }

        return [.. job.Sweeps.Select((_, s) => new SweepChecks
        {
            NoiseFloor = noise[s],
            CheckedCells = chosen.Count(c => c.Run.Sweep == s),
            MaxDifference = chosen.Exists(c => c.Run.Sweep == s) ? differences[s] : null,
            Tolerance = Tolerance(values[s], 0),
        })];
    }

    private static double Tolerance(SweepValues values, int metric) =>
        1e-4 * Math.Max(1, values.Into[metric].Concat(values.From[metric]).Where(double.IsFinite).Select(Math.Abs).DefaultIfEmpty(0).Max());

    private static double Difference(double a, double b) => (double.IsNaN(a) && double.IsNaN(b)) || a == b ? 0 : Math.Abs(a - b) is var d && double.IsNaN(d) ? double.PositiveInfinity : d;

    private static IEnumerable<(ExampleRun, int)> Sample(PatchJob job, ResolvedSweep sweep, int index, SweepOptions options)
    {
        long all = (long)sweep.Cells * sweep.Examples;
        if (options.CheckCells >= all)
        {
            return job.Runs[index].SelectMany(r => Enumerable.Range(0, sweep.Cells).Select(c => (r, c)));
        }

        var random = LabelSeed.Of(options.Seed, $"check/{index}");
        HashSet<long> cells = [];
        while (cells.Count < options.CheckCells)
        {
            cells.Add((long)(random.Next() % (ulong)all));
        }

        return cells.Order().Select(c => (job.Runs[index][(int)(c / sweep.Cells)], (int)(c % sweep.Cells)));
    }
}
