using Fathom.Components;
using Fathom.Configuration;
using Fathom.Hooks;

namespace Fathom.Patching.Planning;

/// <summary>The plan of one whole forward run per cell.</summary>
internal static class LoopPlan
{
    /// <summary>Operations of one row in the mixer and in the MLP of an average block, and in the unembedding: two for each weight.</summary>
    public static (double Mixer, double Mlp, double Unembed) Costs(PatchJob job)
    {
        var model = job.Stack;
        double Of(Component? part) => part is null ? 0 : 2.0 * model.Weights.Where(w => w.IsBound && w.Name.StartsWith($"{part.Path}.", StringComparison.Ordinal)).Sum(w => w.Count) / model.Config.NLayers;
        return (model.Blocks.Sum(b => Of(b.Mixer)), model.Blocks.Sum(b => Of(b.Mlp)), 2.0 * model.Config.DModel * model.Config.DVocab);
    }

    /// <summary>What a loop over a job's sweeps sends through the blocks.</summary>
    public static SweepExplanation Explain(PatchJob job, long? budget)
    {
        var (mixer, mlp, unembed) = Costs(job);
        var works = job.Sweeps.Select((_, s) => WorkOf(job, s)).ToList();
        var rows = works.Sum(w => w.LoopRows);
        SweepWork work = new(works.Sum(w => w.Cells), 0, rows, rows, rows, rows, rows, works.Sum(w => w.Groups));
        var unpatched = job.AllRuns.Sum(r => (long)job.Prompts[r.Into].Length + job.Prompts[r.From].Length) + job.Donors.Sum(d => (long)job.Prompts[d].Length);
        var operations = (rows + (unpatched * job.Stack.Config.NLayers)) * (mixer + mlp + (unembed / job.Stack.Config.NLayers));
        return new(work, unpatched, BytesOf(job), budget ?? MemoryPlan.Free() / 2, operations, operations, "every position, the whole vocabulary") { Path = SweepPath.Plain };
    }

    /// <summary>What a loop does for one sweep.</summary>
    public static SweepWork WorkOf(PatchJob job, int sweep)
    {
        var cells = job.Sweeps[sweep].Cells;
        var rows = job.Runs[sweep].Sum(r => (long)job.Prompts[r.Into].Length) * cells * job.Stack.Config.NLayers;
        return new((long)cells * job.Sweeps[sweep].Examples, 0, rows, rows, rows, rows, rows, cells * job.Sweeps[sweep].Examples);
    }

    private static long BytesOf(PatchJob job)
    {
        var config = job.Stack.Config;
        var longest = job.Prompts.Max(p => (long)p.Length);
        HashSet<HookPoint> points = [.. job.Sweeps.SelectMany(s => s.Points)];
        var stored = job.Donors.Sum(p => points.Sum(h => MemoryPlan.Width(h, job.Prompts[p].Length)) * job.Prompts[p].Length);
        var run = longest * ((8L * config.DModel) + config.Blocks.Max(b => MixerMemory.PerRow(b.Mixer, config.DModel)) + (3L * Math.Max(config.DModel, config.DMlp)) + (6L * config.DVocab));
        return (4 * (stored + run)) + MixerMemory.Mixing(job.Stack, longest, longest, points.Any(MixerMemory.ShowsStates));
    }
}
