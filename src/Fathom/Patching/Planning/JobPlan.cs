using Fathom.Hooks;
using Fathom.Patching.Engine;
using Fathom.Patching.Paths;

namespace Fathom.Patching.Planning;

/// <summary>A job's plan together with its memory and the points that must be recorded.</summary>
internal sealed class JobPlan
{
    public JobPlan(PatchJob job, long? budget)
    {
        Planner = new(job);
        List<PlannedPatch> patches = [];
        Skipped = new long[job.Sweeps.Count];
        foreach (var run in job.AllRuns)
        {
            var sweep = job.Sweeps[run.Sweep];
            for (var cell = 0; cell < sweep.Cells; cell++)
            {
                if (Planner.Plan(run, cell, sweep.EditsOf(cell, run)) is { } patch)
                {
                    patches.Add(patch);
                }
                else
                {
                    Skipped[run.Sweep]++;
                }
            }
        }

        patches.AddRange(SweepPlan.Noise(patches));
        OfBases = [.. patches.SelectMany(p => Births.PointsFor(job.Model, p)), .. patches.Where(p => p.Cell < 0).SelectMany(p => p.Edits).Select(e => e.Point), .. job.Sweeps.OfType<ResolvedPaths>().SelectMany(s => FrozenStream.PointsFor(job.Model, s))];
        OfDonors = [.. patches.Where(p => p.Cell >= 0).SelectMany(p => p.Edits).Where(e => !e.Donor.IsPath).Select(e => e.Point), .. job.Sweeps.OfType<ResolvedPaths>().SelectMany(s => s.Points)];
        Memory = new(job, Planner, OfBases, OfDonors, patches, budget);
        Plan = new(Planner, patches, Memory.RowsPerGroup);
    }

    public PatchPlanner Planner { get; }

    /// <summary>Cells of each sweep that equal the base run by construction, times examples.</summary>
    public long[] Skipped { get; }

    public HashSet<HookPoint> OfBases { get; }

    public HashSet<HookPoint> OfDonors { get; }

    public MemoryPlan Memory { get; }

    public SweepPlan Plan { get; }

    /// <summary>Explains a plan in numbers.</summary>
    public SweepExplanation Explain(PatchJob job)
    {
        var config = job.Model.Config;
        var (mixer, mlp, unembed) = LoopPlan.Costs(job);
        long examples = job.AllRuns.Sum(r => (long)job.Sweeps[r.Sweep].Cells);
        var loop = job.AllRuns.Sum(r => (long)job.Sweeps[r.Sweep].Cells * job.Prompts[r.Into].Length * config.NLayers);
        var columns = job.Sweeps.All(s => s.Metrics.All(m => m.ColumnsOnly));
        var rows = BaseRowsOf(job);
        SweepWork work = new(examples, Skipped.Sum(), Plan.AttentionRows, Plan.MlpRows, Plan.AttentionRows, Plan.MlpRows, loop, Plan.Groups.Count);
        var reads = (Planner.LastOnly ? "the last position" : "every position") + (columns ? ", the answers' columns" : ", the whole vocabulary");
        var ends = columns ? 0 : Plan.Patches.Count * unembed * (Planner.LastOnly ? 1 : job.Prompts.Max(p => p.Length));
        return new(work, rows, Memory.PeakOf(Plan), Memory.Budget, (Plan.AttentionRows * mixer) + (Plan.MlpRows * mlp) + (rows * config.NLayers * (mixer + mlp)) + ends, loop * (mixer + mlp + (unembed / config.NLayers)), reads);
    }

    private long BaseRowsOf(PatchJob job)
    {
        var bases = job.AllRuns.Select(r => r.Into).ToHashSet();
        return BaseRuns.Order(job, Planner, bases).Sum(o => (long)job.Prompts[o.Prompt].Length - o.First);
    }
}
