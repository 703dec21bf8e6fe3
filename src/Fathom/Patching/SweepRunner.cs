using Fathom.Components;
using Fathom.Models;
using Fathom.Patching.Checking;
using Fathom.Patching.Engine;
using Fathom.Patching.Plain;
using Fathom.Patching.Planning;

namespace Fathom.Patching;

/// <summary>Runs sweeps by the path that the options name.</summary>
internal static class SweepRunner
{
    public static IReadOnlyList<SweepResult> Run(StackedModel model, IReadOnlyList<Sweep> sweeps, SweepOptions? options)
    {
        options ??= SweepOptions.Default;
        using var gradients = torch.no_grad();
        using var scope = torch.NewDisposeScope();
        var job = Job(model, sweeps);
        var parts = SplitInputs.Apart(job);
        if (parts.Count == 1)
        {
            return Run(job, options);
        }

        var results = new SweepResult[sweeps.Count];
        foreach (var (part, n) in parts.Select((p, n) => (p, n)))
        {
            var own = Run(new PatchJob(model, [.. part.Select(s => sweeps[s])]), n == 0 || options.ResumeFile is null ? options : options with { ResumeFile = $"{options.ResumeFile}.{n}" });
            foreach (var (sweep, result) in part.Zip(own))
            {
                results[sweep] = result;
            }
        }

        return results;
    }

    public static SweepExplanation Explain(StackedModel model, IReadOnlyList<Sweep> sweeps, SweepOptions? options)
    {
        var parts = SplitInputs.Apart(Job(model, sweeps)).Select(p => new PatchJob(model, [.. p.Select(s => sweeps[s])])).Select(j => Explain(j, options)).ToList();
        return parts.Skip(1).Aggregate(parts[0], (a, b) => a.And(b));
    }

    private static IReadOnlyList<SweepResult> Run(PatchJob job, SweepOptions options)
    {
        List<SweepValues> values = [.. job.Sweeps.Select(s => new SweepValues(s))];
        return IsPlain(job, options) ? Plain(job, values, options) : Engine(job, values, options);
    }

    private static SweepExplanation Explain(PatchJob job, SweepOptions? options) =>
        IsPlain(job, options ?? SweepOptions.Default) ? LoopPlan.Explain(job, options?.MemoryBudget) : new JobPlan(job, options?.MemoryBudget).Explain(job);

    /// <summary>Whether cells are whole runs: as asked, because every position of an encoder sees all others, or because blocks that read more than the stream and their own keys cannot be resumed alone. Plan and provenance name the path.</summary>
    private static bool IsPlain(PatchJob job, SweepOptions options) => options.Path == SweepPath.Plain || job.Stack is not HookedTransformer || !job.Stack.Blocks.All(b => b.IsResumable);

    private static PatchJob Job(StackedModel model, IReadOnlyList<Sweep> sweeps)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(sweeps);
        return model.AddedHooks.Count == 0
            ? new(model, sweeps)
            : throw new SweepInputException($"The model has {model.AddedHooks.Count} added hook(s), which would change every run of the sweep. Call ResetHooks (or dispose their scopes) first.");
    }

    private static IReadOnlyList<SweepResult> Plain(PatchJob job, List<SweepValues> values, SweepOptions options)
    {
        using PlainPath plain = new(job);
        plain.Baselines(values);
        Separate(job, values);
        foreach (var run in job.AllRuns)
        {
            for (var cell = 0; cell < job.Sweeps[run.Sweep].Cells; cell++)
            {
                options.Cancellation.ThrowIfCancellationRequested();
                var scores = plain.Score([(run, cell)])[0];
                for (var m = 0; m < scores.Length; m++)
                {
                    values[run.Sweep].Cells[m][run.Example][cell] = scores[m];
                }
            }
        }

        return [.. job.Sweeps.Select((s, i) => SweepResult.Of(s, values[i], LoopPlan.WorkOf(job, i), new(), SweepProvenance.Of(job.Stack, SweepPath.Plain)))];
    }

    private static IReadOnlyList<SweepResult> Engine(PatchJob job, List<SweepValues> values, SweepOptions options)
    {
        var rounded = options.Precision == SweepPrecision.BFloat16 && job.Model.DType != torch.ScalarType.BFloat16;
        using var copy = rounded ? Rounded(job.Model) : null;
        var outcome = EnginePath.Run(copy is null ? job : new(copy, [.. job.Sweeps.Select(s => s.Ids())]), values, options);
        Separate(job, values);
        var strict = !rounded && job.Model.DType is torch.ScalarType.Float32 or torch.ScalarType.Float64;
        var checks = SelfCheck.Run(job, values, options, [.. outcome.Noise.Select(n => n[0])], strict);
        var provenance = SweepProvenance.Of(copy ?? job.Model, SweepPath.Engine) with { Model = job.Model.Source.Name, Revision = job.Model.Source.Revision, Processing = job.Model.Source.Processing };
        return [.. job.Sweeps.Select((s, i) => SweepResult.Of(s, values[i], EngineWork(job, outcome, i), checks[i] with { NoiseCells = outcome.Plan.Plan.Patches.Count(p => p.Cell < 0 && p.Run.Sweep == i) }, provenance))];
    }

    private static void Separate(PatchJob job, List<SweepValues> values)
    {
        foreach (var (sweep, own) in job.Sweeps.Zip(values))
        {
            for (var m = 0; m < sweep.Metrics.Count; m++)
            {
                if (sweep.Metrics[m].Metric.IsNormalised)
                {
                    SweepResult.Require(sweep.Metrics[m].Metric, own.Into[m], own.From[m]);
                }
            }
        }
    }

    private static HookedTransformer Rounded(HookedTransformer model)
    {
        HookedTransformer copy = new(model.Config) { Source = model.Source };
        foreach (var (from, to) in model.Weights.Zip(copy.Weights).Where(w => w.First.IsBound))
        {
            using var value = from.Value.to(torch.bfloat16);
            to.Bind(value, from.Source, copy: true);
        }

        return copy;
    }

    private static SweepWork EngineWork(PatchJob job, EngineOutcome outcome, int sweep)
    {
        var plan = outcome.Plan;
        return LoopPlan.WorkOf(job, sweep) with
        {
            Skipped = plan.Skipped[sweep],
            AttentionRows = outcome.Work.AttentionRows,
            MlpRows = outcome.Work.MlpRows,
            PlannedAttentionRows = plan.Plan.AttentionRows,
            PlannedMlpRows = plan.Plan.MlpRows,
            Groups = plan.Plan.Groups.Count,
        };
    }
}
