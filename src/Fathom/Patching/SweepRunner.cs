using Fathom.Models;
using Fathom.Patching.Engine;
using Fathom.Patching.Plain;

namespace Fathom.Patching;

/// <summary>Runs sweeps by the path that the options name.</summary>
internal static class SweepRunner
{
    public static IReadOnlyList<SweepResult> Run(HookedTransformer model, IReadOnlyList<PatchingSweep> sweeps, SweepOptions? options)
    {
        ArgumentNullException.ThrowIfNull(model);
        options ??= SweepOptions.Default;
        using var gradients = torch.no_grad();
        using var scope = torch.NewDisposeScope();
        PatchJob job = new(model, sweeps);
        List<SweepValues> values = [.. job.Sweeps.Select(s => new SweepValues(s))];
        if (options.Path == SweepPath.Engine)
        {
            var outcome = EnginePath.Run(job, values, options);
            return [.. job.Sweeps.Select((s, i) => SweepResult.Of(s, values[i], EngineWork(job, outcome, i), new() { NoiseFloor = outcome.Noise[i][0] }, SweepProvenance.Of(model, SweepPath.Engine)))];
        }

        using PlainPath plain = new(job);
        plain.Baselines(values);
        foreach (var run in job.AllRuns)
        {
            for (var cell = 0; cell < job.Sweeps[run.Sweep].Cells; cell++)
            {
                var scores = plain.Score(run, cell);
                for (var m = 0; m < scores.Length; m++)
                {
                    values[run.Sweep].Cells[m][run.Example][cell] = scores[m];
                }
            }
        }

        return [.. job.Sweeps.Select((s, i) => SweepResult.Of(s, values[i], LoopWork(job, i), new(), SweepProvenance.Of(model, SweepPath.Plain)))];
    }

    private static SweepWork EngineWork(PatchJob job, EngineOutcome outcome, int sweep)
    {
        var loop = LoopWork(job, sweep);
        return loop with { Skipped = outcome.Plan.Skipped, AttentionRows = outcome.Work.AttentionRows, MlpRows = outcome.Work.MlpRows, PlannedAttentionRows = outcome.Plan.AttentionRows, PlannedMlpRows = outcome.Plan.MlpRows, Groups = outcome.Plan.Groups.Count };
    }

    private static SweepWork LoopWork(PatchJob job, int sweep)
    {
        var cells = job.Sweeps[sweep].Cells;
        var rows = job.Runs[sweep].Sum(r => (long)job.Prompts[r.Into].Length) * cells * job.Model.Config.NLayers;
        return new((long)cells * job.Sweeps[sweep].Examples, 0, rows, rows, rows, rows, rows, cells * job.Sweeps[sweep].Examples);
    }
}
