using Fathom.Components;
using Fathom.Configuration;
using Fathom.Hooks;
using Fathom.Models;
using Fathom.Patching.Planning;
using Fathom.Tensors;

namespace Fathom.Patching.Engine;

/// <summary>Makes the first rows of patches: base rows where nothing differs yet, and the replacement (or what follows from it within one sublayer) where something does.</summary>
internal sealed class Births(HookedTransformer model, BaseRuns bases, WorkCounter work)
{
    /// <summary>The points of a base run that patches of this kind are made from.</summary>
    public static IEnumerable<HookPoint> PointsFor(HookedTransformer model, PlannedPatch patch)
    {
        var block = model.Blocks[patch.Layer];
        var point = patch.Edits[0].Point;
        switch (patch.Kind)
        {
            case PatchKind.Entry or PatchKind.Block:
                return [block.HookResidPre];
            case PatchKind.Mid or PatchKind.Exit:
                return [point];
            case PatchKind.Mixer:
                return [block.HookResidPre, block.HookAttnOut, .. PatchPlanner.IsLinear(block, point) ? new[] { block.Attn!.HookZ } : [], .. FixedPatterns.Hold(block, point) ? FixedPatterns.PointsFor(block.Attn!) : [], .. block.Config.Layout == BlockLayout.Parallel && block.HookMlpOut is { } mlp ? new[] { mlp } : []];
            default:
                return [block.HookResidPre, block.HookAttnOut, block.HookMlpOut!, .. patch.Layer + 1 < model.Config.NLayers ? new[] { model.Blocks[patch.Layer + 1].HookResidPre } : []];
        }
    }

    /// <summary>Patches that start on entry to a block.</summary>
    public IReadOnlyList<(LiveGroup Group, Tensor Rows)> OnEntry(TransformerBlock block, IEnumerable<PlannedPatch> patches) =>
        [.. Grouped(patches).Select(g => (g, Flat(Replaced(g, block.HookResidPre, g.Length, p => p.Kind == PatchKind.Entry))))];

    /// <summary>Patches that start between mixer and MLP.</summary>
    public IReadOnlyList<(LiveGroup Group, Tensor Rows)> Between(TransformerBlock block, IEnumerable<PlannedPatch> patches) =>
        [.. Grouped(patches).Select(g => (g, Flat(Replaced(g, block.HookResidMid!, g.Length))))];

    /// <summary>Patches of what leaves a block: the stream that the next one reads.</summary>
    public IReadOnlyList<(LiveGroup Group, Tensor Rows)> OnExit(TransformerBlock block, IEnumerable<PlannedPatch> patches) =>
        [.. Grouped(patches).Select(g =>
        {
            using var window = WindowPass.Of(model, bases, [g]);
            return (g, block.Leave(Flat(Replaced(g, block.HookResidPost, g.Length)), window.Pass));
        })];

    /// <summary>Patches inside the mixer.</summary>
    /// <param name="block">The block.</param>
    /// <param name="patches">The patches.</param>
    /// <param name="ends">Whether only the last position is needed from here on.</param>
    /// <returns>The stream between mixer and MLP; what leaves the block, if it has no such place.</returns>
    public IReadOnlyList<(LiveGroup Group, Tensor Rows)> InMixer(TransformerBlock block, IEnumerable<PlannedPatch> patches, bool ends)
    {
        List<(LiveGroup, Tensor)> born = [];
        foreach (var kind in patches.GroupBy(p => PatchPlanner.Recomputes(block, p) ? 3 : PatchPlanner.IsMixerOut(p.Edits[0].Point) ? 0 : FixedPatterns.Hold(block, p.Edits[0].Point) ? 2 : 1).OrderBy(k => k.Key))
        {
            var groups = Grouped(kind);
            var fixedPattern = kind.Key == 2;
            var touched = groups.Select(g => fixedPattern && ends ? g.Over(g.Start + g.Length - 1, 1) : g.Over(g.Start, g.Patches[0].Touched)).ToList();
            using var window = WindowPass.Of(model, bases, touched, kind.Key is 0 or 2 ? null : p => p.Edits.Where(e => e.Point != block.Attn?.HookZ));
            Tensor written;
            if (kind.Key == 0)
            {
                written = torch.cat([.. touched.Select(g => Flat(Replaced(g, block.HookAttnOut, g.Length)))]);
            }
            else if (kind.Key is 1 or 2)
            {
                var z = torch.cat([.. fixedPattern
                    ? groups.Select(g => FixedPatterns.Mixed(block.Attn!, bases[g.Prompt], g, Replaced(g, block.Attn!.HookV, g.Length), ends).flatten(0, 1))
                    : touched.Select(g => Replaced(g, block.Attn!.HookZ, g.Length).flatten(0, 1))]);
                written = block.Written(block.Attn!.Output(z, window.Pass), window.Pass);
            }
            else
            {
                var resid = torch.cat([.. touched.Select(g => Flat(Replaced(g, block.HookResidPre, g.Length, _ => false)))]);
                work.Attention(resid);
                written = block.Written(block.Mixer.Forward(block.ReadByMixer(resid, window.Pass), window.Pass), window.Pass);
            }

            long at = 0;
            foreach (var (group, part) in groups.Zip(touched))
            {
                born.Add(After(block, group, part.Length, written.narrow(0, at, part.Rows).view(group.Patches.Count, part.Length, -1), ends));
                at += part.Rows;
            }
        }

        return born;
    }

    /// <summary>Patches inside the MLP: only the positions touched go through it.</summary>
    /// <returns>What leaves the block.</returns>
    public IReadOnlyList<(LiveGroup Group, Tensor Rows)> InMlp(TransformerBlock block, int layer, IEnumerable<PlannedPatch> patches)
    {
        List<(LiveGroup, Tensor)> born = [];
        foreach (var group in Grouped(patches))
        {
            var part = group.Over(group.Start, group.Patches[0].Touched);
            using var window = WindowPass.Of(model, bases, [part], p => p.Edits);
            var (pre, attnOut) = (Base(part, block.HookResidPre), Base(part, block.HookAttnOut));
            var parallel = block.Config.Layout == BlockLayout.Parallel;
            var mid = pre.Plus(attnOut);
            var stream = parallel ? pre : block.Config.Layout == BlockLayout.NormOnStream ? block.Ln1?.Forward(mid, window.Pass) ?? mid : mid;
            var direct = part.Patches[0].Edits[0].Point == block.HookMlpOut;
            var rows = Flat(Repeated(stream, part));
            work.Mlp(rows);
            var written = direct ? Flat(Replaced(part, block.HookMlpOut!, part.Length)) : block.MlpOut(rows, null, window.Pass);
            var left = block.Leave((parallel ? Flat(Repeated(mid, part)) : rows).Plus(written), window.Pass).view(part.Patches.Count, part.Length, -1);
            if (part.Length == group.Length)
            {
                born.Add((group, Flat(left)));
                continue;
            }

            var rest = group.Over(group.Start + part.Length, group.Length - part.Length);
            var unchanged = layer + 1 < model.Config.NLayers ? Base(rest, model.Blocks[layer + 1].HookResidPre) : bases[group.Prompt].Final!.narrow(0, rest.Start, rest.Length);
            born.Add((group, Flat(torch.cat([left, Repeated(unchanged, rest)], 1))));
        }

        return born;
    }

    /// <summary>Patches that can lie together, by where they start and how many rows their first sublayer computes.</summary>
    internal static List<LiveGroup> Grouped(IEnumerable<PlannedPatch> patches, Func<PlannedPatch, int>? touched = null)
    {
        List<LiveGroup> groups = [];
        foreach (var same in patches.GroupBy(p => (p.Run.Into, p.Start, p.Length, Touched: touched?.Invoke(p) ?? p.Touched, Direct: p.Kind == PatchKind.Mlp ? p.Edits[0].Point : null)))
        {
            LiveGroup group = new(same.Key.Into, same.Key.Start, same.Key.Length);
            group.Patches.AddRange(same);
            groups.Add(group);
        }

        return groups;
    }

    private static Tensor Flat(Tensor rows) => rows.reshape(-1, rows.shape[^1]);

    private (LiveGroup Group, Tensor Rows) After(TransformerBlock block, LiveGroup group, long touched, Tensor written, bool ends)
    {
        var whole = ends ? group.Over(group.Start + group.Length - 1, 1) : group;
        var before = ends && group.Length > 1 ? written.narrow(1, touched - 1, 1) : written;
        var changed = Base(group, block.HookResidPre).narrow(0, ends ? group.Length - 1 : 0, before.shape[1]).unsqueeze(0).Plus(before);
        var rest = whole.Length - before.shape[1];
        if (rest > 0)
        {
            var others = whole.Over(whole.Start + (int)before.shape[1], (int)rest);
            changed = torch.cat([changed, Repeated(Base(others, block.HookResidPre).Plus(Base(others, block.HookAttnOut)), others)], 1);
        }

        var rows = Flat(changed);
        if (block.Mlp is not null && block.Config.Layout != BlockLayout.Parallel)
        {
            return (whole, rows);
        }

        using var window = WindowPass.Of(model, bases, [whole]);
        rows = block.Mlp is null ? rows : rows.Plus(Flat(Repeated(Base(whole, block.HookMlpOut!), whole)));
        return (whole, block.Leave(rows, window.Pass));
    }

    /// <summary>The base run's rows, once per patch, with the patches' replacements at this point.</summary>
    internal Tensor Replaced(LiveGroup group, HookPoint point, int length, Func<PlannedPatch, bool>? which = null)
    {
        var rows = Repeated(Base(group, point).narrow(0, 0, length), group);
        for (var i = 0; i < group.Patches.Count; i++)
        {
            if (which is not null && !which(group.Patches[i]))
            {
                continue;
            }

            using var row = rows.select(0, i);
            foreach (var edit in group.Patches[i].Edits.Where(e => e.Point == point))
            {
                var (values, first) = bases.Values(edit.Donor, point);
                edit.Write(row, group.Start, values, first);
            }
        }

        return rows;
    }

    private Tensor Base(LiveGroup group, HookPoint point) => bases[group.Prompt][point].narrow(0, group.Start, group.Length);

    private static Tensor Repeated(Tensor rows, LiveGroup group) => rows.unsqueeze(0).expand([group.Patches.Count, .. rows.shape]).clone().contiguous();
}
