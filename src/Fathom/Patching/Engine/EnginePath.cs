using Fathom.Patching.Planning;

namespace Fathom.Patching.Engine;

/// <summary>Computes a job by the engine: plan, base runs, groups, scores.</summary>
internal static class EnginePath
{
    /// <summary>Fills the values of every cell.</summary>
    public static EngineOutcome Run(PatchJob job, IReadOnlyList<SweepValues> values, SweepOptions options)
    {
        PatchPlanner planner = new(job);
        var cells = job.AllRuns.SelectMany(r => Enumerable.Range(0, job.Sweeps[r.Sweep].Cells).Select(c => (r, c)));
        var plan = SweepPlan.Of(job, planner, cells, SweepPlan.EnoughRows);
        var points = plan.Patches.SelectMany(p => Births.PointsFor(job.Model, p)).Concat(plan.Patches.Where(p => p.Cell < 0).SelectMany(p => p.Edits).Select(e => e.Point)).Distinct();
        using BaseRuns bases = new(job, planner, points, plan.Patches.SelectMany(p => p.Edits).Select(e => e.Point).Distinct());
        using CellScorer scorer = new(job, bases, values);
        foreach (var run in job.AllRuns)
        {
            for (var m = 0; m < values[run.Sweep].Into.Length; m++)
            {
                Array.Fill(values[run.Sweep].Cells[m][run.Example], values[run.Sweep].Into[m][run.Example]);
            }
        }

        WorkCounter work = new();
        WindowEngine engine = new(job.Model, bases, planner, scorer, work);
        foreach (var group in plan.Groups)
        {
            engine.Run(group);
        }

        return new(plan, work, bases.Rows, scorer.Noise);
    }
}
