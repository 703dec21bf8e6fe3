using System.Globalization;
using Fathom.Models;
using Fathom.Patching;

namespace Fathom.Bench.Sweeps;

/// <summary>Runs the first groups of a case, which are its largest, and reports the peak and what the whole would take: enough to see whether a long case fits its budget.</summary>
internal static class FirstCells
{
    public static string Of(HookedTransformer model, Case one, int cells, long budget)
    {
        var plan = Sweep.ExplainAll(model, one.Sweeps, new() { MemoryBudget = budget });
        using CancellationTokenSource stop = new();
        SweepProgress last = new(0, 0, 0, 0, TimeSpan.Zero);
        void Report(SweepProgress progress)
        {
            last = progress;
            if (progress.Done - plan.Work.Skipped >= cells)
            {
                stop.Cancel();
            }
        }

        var peak = Peak.Of(() =>
        {
            try
            {
                Sweep.RunAll(model, one.Sweeps, new() { MemoryBudget = budget, CheckCells = 0, Cancellation = stop.Token, Progress = new Latest(Report) });
            }
            catch (OperationCanceledException)
            {
                // As many cells as asked for are done.
            }
        });
        var share = Math.Max(1, last.RowsDone) / (double)Math.Max(1, last.RowsTotal);
        return string.Create(CultureInfo.InvariantCulture, $"{one.Name}: {last.Done - plan.Work.Skipped:N0} of {plan.Work.Cells - plan.Work.Skipped:N0} cells in {last.Elapsed.TotalSeconds:0.0} s, all in about {last.Elapsed.TotalSeconds / share:0} s; peak {peak / 1048576.0:N0} MiB, planned {plan.BytesNeeded / 1048576.0:N0} of {budget / 1048576.0:N0} MiB");
    }

    private sealed class Latest(Action<SweepProgress> report) : IProgress<SweepProgress>
    {
        public void Report(SweepProgress value) => report(value);
    }
}
