using Fathom.Components;
using Fathom.Configuration;
using Fathom.Models;
using Fathom.Patching.Planning;
using Fathom.Tensors;

namespace Fathom.Patching.Engine;

/// <summary>Takes groups of patches through the layers: each starts where it acts, computes only what can differ, and reads each weight together with all others.</summary>
internal sealed class WindowEngine(HookedTransformer model, BaseRuns bases, PatchPlanner planner, CellScorer scorer, WorkCounter work, long rowsWorthSparing)
{
    /// <summary>Rows that go through an MLP at once; more would not be faster, and would hold more hidden rows.</summary>
    private const long MlpRows = 1024;

    private readonly Births _births = new(model, bases, work);
    private readonly EnteringPatches _entering = new(model, bases, work, rowsWorthSparing);

    /// <summary>Computes and scores the patches of a group.</summary>
    public void Run(PatchGroup group)
    {
        using LiveRows live = new();
        var layers = model.Config.NLayers;
        for (var layer = group.Patches.Min(p => p.Layer); layer < layers; layer++)
        {
            using var scope = torch.NewDisposeScope();
            var born = group.Patches.Where(p => p.Layer == layer).ToLookup(p => p.Kind);
            var block = model.Blocks[layer];
            bases.Paths.Prepare(group.Patches.SelectMany(p => p.Edits).Where(e => e.Layer == layer));
            var ends = planner.LastOnly && layer == layers - 1;
            var entering = ends ? [] : _entering.WorthIt(block, born[PatchKind.Entry]);
            live.Join(_births.OnEntry(block, born[PatchKind.Entry].Except(entering).Concat(born[PatchKind.Block])));
            var mixed = _births.InMixer(block, born[PatchKind.Mixer], ends);
            var sequential = block.Mlp is not null && block.Config.Layout != BlockLayout.Parallel;
            if (live.Count > 0)
            {
                Mix(block, layer, live, ends, sequential);
            }

            if (sequential)
            {
                live.Join([.. mixed, .. _entering.ThroughAttention(_births, block, layer, entering), .. _births.Between(block, born[PatchKind.Mid])]);
                Think(block, layer, live);
            }

            live.Join([.. sequential ? [] : mixed, .. _births.InMlp(block, layer, born[PatchKind.Mlp]), .. _births.OnExit(block, born[PatchKind.Exit])]);
            bases.Paths.Forget();
        }

        scorer.Score(live);
    }

    private void Mix(TransformerBlock block, int layer, LiveRows live, bool ends, bool sequential)
    {
        using var window = WindowPass.Of(model, bases, live.Groups, p => Pending(p, layer));
        var pass = window.Pass;
        work.Attention(live.Rows!);
        var resid = pass.Apply(block.HookResidPre, live.Rows!);
        var input = block.ReadByMixer(resid, pass);
        if (!ends || live.Groups.Any(g => g.Patches.Any(p => Pending(p, layer).Any())))
        {
            var written = block.Written(block.Mixer.Forward(input, pass), pass);
            if (!sequential && block.Mlp is not null)
            {
                work.Mlp(resid);
            }

            live.Replace(sequential ? pass.Apply(block.HookResidMid!, resid.Plus(written)) : block.AfterAttention(resid, written, input, pass));
            return;
        }

        using var end = window.AtEnd();
        var last = window.LastRows();
        var tail = block.Written(block.Attn is { } attn ? attn.Output(attn.HeadsAtEnd(input, pass, end, last), end) : block.Mixer.Forward(input, pass).index_select(0, last), end);
        resid = resid.index_select(0, last);
        if (!sequential && block.Mlp is not null)
        {
            work.Mlp(resid);
        }

        live.ShrinkToEnd(sequential ? resid.Plus(tail) : block.AfterAttention(resid, tail, new(input.Values.index_select(0, last)), end));
    }

    private void Think(TransformerBlock block, int layer, LiveRows live)
    {
        if (live.Count == 0)
        {
            return;
        }

        using var window = WindowPass.Of(model, bases, live.Groups, p => p.Kind == PatchKind.Block ? Pending(p, layer) : []);
        work.Mlp(live.Rows!);
        if (live.Count <= MlpRows || live.Groups.Any(g => g.Patches.Any(p => Pending(p, layer).Any())))
        {
            live.Replace(block.AfterMid(live.Rows!, window.Pass));
            return;
        }

        List<Tensor> parts = [];
        for (long at = 0; at < live.Count; at += MlpRows)
        {
            using var scope = torch.NewDisposeScope();
            parts.Add(block.AfterMid(live.Rows!.narrow(0, at, Math.Min(MlpRows, live.Count - at)), window.Pass).MoveToOuterDisposeScope());
        }

        live.Replace(torch.cat(parts));
    }

    private static IEnumerable<Edit> Pending(PlannedPatch patch, int layer) => patch.Kind == PatchKind.Block ? patch.Edits.Where(e => e.Layer == layer) : [];
}
