using Fathom.Models;
using Fathom.Patching;

namespace Fathom.Cli.Commands.Patching;

/// <summary>Shows what sweeps would do.</summary>
internal static class PlanReport
{
    internal static void Show(Invocation run, HookedTransformer model, IReadOnlyList<Sweep> sweeps, SweepExplanation plan)
    {
        if (run.Json)
        {
            run.WriteJson("fathom.patch_plan/1", json =>
            {
                ModelOptions.WriteProvenance(json, run, model);
                json.WriteArray("sweeps", sweeps, sweep => json.WriteStringValue($"{sweep}"));
                json.WriteString("path", plan.Path == SweepPath.Engine ? "engine" : "plain");
                json.WriteNumber("cells", plan.Work.Cells);
                json.WriteNumber("skipped", plan.Work.Skipped);
                json.WriteNumber("base_rows", plan.BaseRows);
                json.WriteNumber("attention_rows", plan.Work.PlannedAttentionRows);
                json.WriteNumber("mlp_rows", plan.Work.PlannedMlpRows);
                json.WriteNumber("loop_rows", plan.Work.LoopRows);
                json.WriteNumber("groups", plan.Work.Groups);
                json.WriteNumber("operations", plan.Operations);
                json.WriteNumber("loop_operations", plan.LoopOperations);
                json.WriteNumber("bytes_needed", plan.BytesNeeded);
                json.WriteNumber("budget", plan.Budget);
                json.WriteString("reads", plan.Reads);
            });
            return;
        }

        foreach (var sweep in sweeps)
        {
            run.Prose(Wrapping.Wrap($"{sweep}", run.Terminal.Width));
        }

        run.Terminal.Output.WriteLine($"{plan}");
    }
}
