using Fathom.Models;
using Fathom.Tensors;

namespace Fathom.Patching;

/// <summary>The reference's ready-made patching functions under their own names: activations of the clean run are put into the corrupted one (denoising), at every index of some axes.</summary>
/// <remarks>Each is a <see cref="PatchingSweep"/>; <see cref="SweepResult.Sweep"/> shows it and <c>with</c> changes it. Sweeps named <c>Every</c> run together, in one pass over the weights.</remarks>
public static class ReadyMadeSweeps
{
    extension(HookedTransformer model)
    {
        /// <summary><c>resid_pre</c> by layer and position.</summary>
        public SweepResult GetActPatchResidPre(Prompts clean, Prompts corrupted, Metric metric, SweepOptions? options = null) => Run(model, clean, corrupted, metric, options, ByPosition(Site.ResidPre));

        /// <summary><c>resid_mid</c> by layer and position.</summary>
        public SweepResult GetActPatchResidMid(Prompts clean, Prompts corrupted, Metric metric, SweepOptions? options = null) => Run(model, clean, corrupted, metric, options, ByPosition(Site.ResidMid));

        /// <summary><c>attn_out</c> by layer and position.</summary>
        public SweepResult GetActPatchAttnOut(Prompts clean, Prompts corrupted, Metric metric, SweepOptions? options = null) => Run(model, clean, corrupted, metric, options, ByPosition(Site.AttnOut));

        /// <summary><c>mlp_out</c> by layer and position.</summary>
        public SweepResult GetActPatchMlpOut(Prompts clean, Prompts corrupted, Metric metric, SweepOptions? options = null) => Run(model, clean, corrupted, metric, options, ByPosition(Site.MlpOut));

        /// <summary><c>z</c> by layer, position and head.</summary>
        public SweepResult GetActPatchAttnHeadOutByPos(Prompts clean, Prompts corrupted, Metric metric, SweepOptions? options = null) => Run(model, clean, corrupted, metric, options, ByPositionAndHead(Site.Z));

        /// <summary>Queries by layer, position and head.</summary>
        public SweepResult GetActPatchAttnHeadQByPos(Prompts clean, Prompts corrupted, Metric metric, SweepOptions? options = null) => Run(model, clean, corrupted, metric, options, ByPositionAndHead(Site.Q));

        /// <summary>Keys by layer, position and key-value head.</summary>
        public SweepResult GetActPatchAttnHeadKByPos(Prompts clean, Prompts corrupted, Metric metric, SweepOptions? options = null) => Run(model, clean, corrupted, metric, options, ByPositionAndHead(Site.K));

        /// <summary>Values by layer, position and key-value head.</summary>
        public SweepResult GetActPatchAttnHeadVByPos(Prompts clean, Prompts corrupted, Metric metric, SweepOptions? options = null) => Run(model, clean, corrupted, metric, options, ByPositionAndHead(Site.V));

        /// <summary>Pattern rows by layer, head and destination.</summary>
        public SweepResult GetActPatchAttnHeadPatternByPos(Prompts clean, Prompts corrupted, Metric metric, SweepOptions? options = null) => Run(model, clean, corrupted, metric, options, PatternByDestination);

        /// <summary>Pattern entries by layer, head, destination and source.</summary>
        public SweepResult GetActPatchAttnHeadPatternDestSrcPos(Prompts clean, Prompts corrupted, Metric metric, SweepOptions? options = null) =>
            Run(model, clean, corrupted, metric, options, (Site.Pattern, [Axis.Layer, Axis.Head, Axis.Destination, Axis.Source]));

        /// <summary><c>z</c> of all positions, by layer and head.</summary>
        public SweepResult GetActPatchAttnHeadOutAllPos(Prompts clean, Prompts corrupted, Metric metric, SweepOptions? options = null) => Run(model, clean, corrupted, metric, options, ByHead(Site.Z));

        /// <summary>Queries of all positions, by layer and head.</summary>
        public SweepResult GetActPatchAttnHeadQAllPos(Prompts clean, Prompts corrupted, Metric metric, SweepOptions? options = null) => Run(model, clean, corrupted, metric, options, ByHead(Site.Q));

        /// <summary>Keys of all positions, by layer and key-value head.</summary>
        public SweepResult GetActPatchAttnHeadKAllPos(Prompts clean, Prompts corrupted, Metric metric, SweepOptions? options = null) => Run(model, clean, corrupted, metric, options, ByHead(Site.K));

        /// <summary>Values of all positions, by layer and key-value head.</summary>
        public SweepResult GetActPatchAttnHeadVAllPos(Prompts clean, Prompts corrupted, Metric metric, SweepOptions? options = null) => Run(model, clean, corrupted, metric, options, ByHead(Site.V));

        /// <summary>Whole patterns, by layer and head.</summary>
        public SweepResult GetActPatchAttnHeadPatternAllPos(Prompts clean, Prompts corrupted, Metric metric, SweepOptions? options = null) => Run(model, clean, corrupted, metric, options, ByHead(Site.Pattern));

        /// <summary>Output, queries, keys, values and pattern of each head over all positions: five results. Where queries are grouped, keys and values have their own, shorter axis of key-value heads; nothing is padded.</summary>
        public IReadOnlyList<SweepResult> GetActPatchAttnHeadAllPosEvery(Prompts clean, Prompts corrupted, Metric metric, SweepOptions? options = null) =>
            RunAll(model, clean, corrupted, metric, options, ByHead(Site.Z), ByHead(Site.Q), ByHead(Site.K), ByHead(Site.V), ByHead(Site.Pattern));

        /// <summary>Output, queries, keys, values (by layer, position and head) and pattern (by layer, head and destination): five results.</summary>
        public IReadOnlyList<SweepResult> GetActPatchAttnHeadByPosEvery(Prompts clean, Prompts corrupted, Metric metric, SweepOptions? options = null) =>
            RunAll(model, clean, corrupted, metric, options, ByPositionAndHead(Site.Z), ByPositionAndHead(Site.Q), ByPositionAndHead(Site.K), ByPositionAndHead(Site.V), PatternByDestination);

        /// <summary><c>resid_pre</c>, <c>attn_out</c> and <c>mlp_out</c> by layer and position: three results.</summary>
        public IReadOnlyList<SweepResult> GetActPatchBlockEvery(Prompts clean, Prompts corrupted, Metric metric, SweepOptions? options = null) =>
            RunAll(model, clean, corrupted, metric, options, ByPosition(Site.ResidPre), ByPosition(Site.AttnOut), ByPosition(Site.MlpOut));
    }

    private static (Site Site, Axis[] Over) PatternByDestination => (Site.Pattern, [Axis.Layer, Axis.Head, Axis.Destination]);

    private static (Site Site, Axis[] Over) ByPosition(Site site) => (site, [Axis.Layer, Axis.Position]);

    private static (Site Site, Axis[] Over) ByPositionAndHead(Site site) => (site, [Axis.Layer, Axis.Position, Axis.Head]);

    private static (Site Site, Axis[] Over) ByHead(Site site) => (site, [Axis.Layer, Axis.Head]);

    private static SweepResult Run(HookedTransformer model, Prompts clean, Prompts corrupted, Metric metric, SweepOptions? options, (Site Site, Axis[] Over) what) =>
        RunAll(model, clean, corrupted, metric, options, what)[0];

    private static IReadOnlyList<SweepResult> RunAll(HookedTransformer model, Prompts clean, Prompts corrupted, Metric metric, SweepOptions? options, params (Site Site, Axis[] Over)[] what) =>
        Sweep.RunAll(model, [.. what.Select(w => new PatchingSweep { From = clean, Into = corrupted, Direction = Direction.Denoising, Site = w.Site, Over = w.Over, Metric = metric })], options);
}
