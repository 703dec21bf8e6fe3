using Fathom.Components;
using Fathom.Configuration;
using Fathom.Hooks;
using Fathom.Models;
using Fathom.Patching.Planning;

namespace Fathom.Patching.Engine;

/// <summary>
/// Takes patches of the stream entering a block through its attention: rows behind the replaced ones have the base run's queries, keys and values,
/// so that only the replaced rows are projected. The results are those of projecting every row.
/// </summary>
internal sealed class EnteringPatches(HookedTransformer model, BaseRuns bases, WorkCounter work, long rowsWorthSparing)
{
    /// <summary>The patches of a block that are worth it; none where the block's attention does more than project each row.</summary>
    public IReadOnlyList<PlannedPatch> WorthIt(TransformerBlock block, IEnumerable<PlannedPatch> patches)
    {
        if (!block.IsResumable || block.Config.Layout != BlockLayout.Sequential || block.Mlp is null || block.Attn is not { ProjectsRowsAlone: true }
            || model.Config.Positions is LearnedPositions { ToQueriesAndKeysOnly: true })
        {
            return [];
        }

        List<PlannedPatch> chosen = [.. patches.Where(p => p.Edits.All(e => e.Position >= 0) && Replaced(p) < p.Length)];
        return chosen.Sum(p => (long)p.Length - Replaced(p)) < rowsWorthSparing ? [] : chosen;
    }

    /// <summary>The stream between attention and MLP of each group of patches.</summary>
    /// <param name="births">Makes the rows that patches start with.</param>
    /// <param name="block">The block.</param>
    /// <param name="layer">Its number.</param>
    /// <param name="patches">The patches.</param>
    public IReadOnlyList<(LiveGroup Group, Tensor Rows)> ThroughAttention(Births births, TransformerBlock block, int layer, IReadOnlyList<PlannedPatch> patches)
    {
        if (patches.Count == 0)
        {
            return [];
        }

        var attention = block.Attn!;
        var groups = Births.Grouped(patches, Replaced);
        var streams = groups.Select(g => births.Replaced(g, block.HookResidPre, g.Length)).ToList();
        var heads = groups.Select(g => g.Over(g.Start, Replaced(g.Patches[0]))).ToList();
        using var replaced = WindowPass.Of(model, bases, heads);
        var fresh = attention.Vectors(block.ReadByMixer(torch.cat([.. streams.Zip(heads, (s, h) => s.narrow(1, 0, h.Length).flatten(0, 1))]), replaced.Pass), replaced.Pass);
        Dictionary<int, Tensor> queries = [];
        List<Tensor> mixed = [];
        long at = 0;
        foreach (var (group, head) in groups.Zip(heads))
        {
            var (own, keys) = (group.Over(head.Start + head.Length, group.Length - head.Length), bases[group.Prompt].Prefix!);
            if (!queries.TryGetValue(group.Prompt, out var ofBase))
            {
                queries[group.Prompt] = ofBase = BaseQueries(block, group.Prompt);
            }

            Tensor Whole(Tensor x, Tensor unchanged) => torch.cat(
                [x.narrow(0, at, head.Rows).view([group.Patches.Count, head.Length, .. x.shape[1..]]), unchanged.narrow(0, own.Start, own.Length).unsqueeze(0).expand(group.Patches.Count, -1, -1, -1)],
                1).flatten(0, 1);
            using var window = WindowPass.Of(model, bases, [group]);
            mixed.Add(attention.Mixed(Whole(fresh.Queries, ofBase), Whole(fresh.Keys, keys.Keys(layer).select(0, 0).transpose(0, 1)), Whole(fresh.Values, keys.Values(layer).select(0, 0).transpose(0, 1)), window.Pass));
            at += head.Rows;
        }

        var stream = torch.cat([.. streams.Select(s => s.flatten(0, 1))]);
        work.Attention(stream);
        using var whole = WindowPass.Of(model, bases, groups);
        var written = block.Written(attention.Output(torch.cat([.. mixed]), whole.Pass), whole.Pass);
        var mid = Tensors.Arithmetic.Plus(stream, written);
        List<(LiveGroup, Tensor)> born = [];
        at = 0;
        foreach (var group in groups)
        {
            born.Add((group, mid.narrow(0, at, group.Rows)));
            at += group.Rows;
        }

        return born;
    }

    /// <summary>How many rows from its start on a patch replaces, or encloses by replaced ones.</summary>
    private static int Replaced(PlannedPatch patch) => patch.Edits.Max(e => e.Position) + 1 - patch.Start;

    private Tensor BaseQueries(TransformerBlock block, int prompt)
    {
        using Pass pass = new([new(1, bases[prompt].Length, NoPrefix.Instance)], ActiveHooks.None);
        return block.Attn!.QueriesOf(block.ReadByMixer(bases[prompt][block.HookResidPre], pass), pass);
    }
}
