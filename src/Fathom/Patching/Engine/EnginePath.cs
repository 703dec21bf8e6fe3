using System.Diagnostics;
using Fathom.Patching.Planning;

namespace Fathom.Patching.Engine;

/// <summary>Computes a job by the engine: plan, base runs, groups, scores.</summary>
internal static class EnginePath
{
    /// <summary>Fills the values of every cell.</summary>
    public static EngineOutcome Run(PatchJob job, IReadOnlyList<SweepValues> values, SweepOptions options)
    {
        JobPlan plan = new(job, options.MemoryBudget);
        using BaseRuns bases = new(job, plan.Planner, plan.OfBases, plan.OfDonors);
        using CellScorer scorer = new(job, bases, values);
        foreach (var run in job.AllRuns)
        {
            for (var m = 0; m < values[run.Sweep].Into.Length; m++)
            {
                Array.Fill(values[run.Sweep].Cells[m][run.Example], values[run.Sweep].Into[m][run.Example]);
            }
        }

        WorkCounter work = new();
        WindowEngine engine = new(job.Model, bases, plan.Planner, scorer, work, options.RowsWorthSparing);
        var groups = plan.Plan.Groups;
        using var resume = options.ResumeFile is { } path ? ResumeState.Open(path, job, groups.Count, values, scorer.Noise, work) : null;
        var clock = Stopwatch.StartNew();
        var (total, rows) = (job.AllRuns.Sum(r => (long)job.Sweeps[r.Sweep].Cells), groups.Sum(g => g.Rows));
        var (done, rowsDone) = (plan.Skipped.Sum(), 0L);
        for (var g = 0; g < groups.Count; g++)
        {
            options.Cancellation.ThrowIfCancellationRequested();
            if (resume is null || g >= resume.Done)
            {
                engine.Run(groups[g]);
                resume?.Add(groups[g], values, scorer.Noise, work);
            }

            done += groups[g].Patches.Count(p => p.Cell >= 0);
            rowsDone += groups[g].Rows;
            options.Progress?.Report(new(done, total, rowsDone, rows, clock.Elapsed));
        }

        resume?.Finish();
        return new(plan, work, bases.Rows, scorer.Noise);
    }
}
