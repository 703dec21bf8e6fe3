using Fathom.Components;
using Fathom.Configuration;
using Fathom.Hooks;
using Fathom.Models;
using Fathom.Patching.Planning;

namespace Fathom.Patching.Engine;

/// <summary>A pass over the rows of many patches: one segment per group (or part of one), on the keys and values of its base run, with hooks that make replacements.</summary>
internal sealed class WindowPass : IDisposable
{
    private readonly List<(LiveGroup Group, int FirstPatch, int Patches)> _owners = [];
    private readonly BaseRuns _bases;

    private WindowPass(BaseRuns bases) => _bases = bases;

    public Pass Pass { get; private set; } = null!;

    /// <summary>Makes a pass.</summary>
    /// <param name="model">The model.</param>
    /// <param name="bases">The unpatched runs.</param>
    /// <param name="groups">The groups, in the order of the rows.</param>
    /// <param name="edits">The replacements to make by hooks, for each patch; <see langword="null"/> for none.</param>
    public static WindowPass Of(HookedTransformer model, BaseRuns bases, IReadOnlyList<LiveGroup> groups, Func<PlannedPatch, IEnumerable<Edit>>? edits = null)
    {
        WindowPass window = new(bases);
        List<Segment> segments = [];
        long longest = 0;
        foreach (var group in groups)
        {
            var run = bases[group.Prompt];
            longest = Math.Max(longest, run.Length);
            var batch = MixerMemory.SequencesTogether(model, group.Length, run.Length, edits is not null && group.Patches.Any(p => edits(p).Any(e => MixerMemory.ShowsStates(e.Point))));
            for (var at = 0; at < group.Patches.Count; at += batch)
            {
                var count = Math.Min(batch, group.Patches.Count - at);
                Prefix prefix = run.Prefix!.First(group.Start);
                segments.Add(new(count, group.Length, prefix));
                window._owners.Add((group, at, count));
            }
        }

        window.Pass = new Pass(segments, window.Hooks(edits)).ForRunOf(longest);
        if (model.Config.Positions is LearnedPositions { ToQueriesAndKeysOnly: true })
        {
            window.Pass.QueryKeyPositions = model.PosEmbed!.Forward(window.Pass, model.DType).DetachFromDisposeScope();
        }

        return window;
    }

    /// <summary>A pass over the last position of each sequence of this one.</summary>
    public Pass AtEnd()
    {
        var end = new Pass([.. Pass.Segments.Select(s => new Segment(s.Batch, 1, new EndPrefix(s.Prefix, s.Offset + s.Length - 1)))], ActiveHooks.None);
        return end.ForRunOf(Pass.LongestRun);
    }

    /// <summary>The index of each sequence's last row, int64. The caller owns it.</summary>
    public Tensor LastRows() => torch.tensor([.. Pass.Segments.SelectMany(s => Enumerable.Range(1, (int)s.Batch).Select(i => s.FirstRow + (i * s.Length) - 1))], torch.int64);

    public void Dispose() => Pass.Dispose();

    private ActiveHooks Hooks(Func<PlannedPatch, IEnumerable<Edit>>? edits)
    {
        if (edits is null)
        {
            return ActiveHooks.None;
        }

        Dictionary<HookPoint, Dictionary<PlannedPatch, List<Edit>>> byPoint = [];
        foreach (var patch in _owners.SelectMany(o => o.Group.Patches.Skip(o.FirstPatch).Take(o.Patches)))
        {
            foreach (var edit in edits(patch))
            {
                if (!byPoint.TryGetValue(edit.Point, out var atPoint))
                {
                    byPoint[edit.Point] = atPoint = new(ReferenceEqualityComparer.Instance);
                }

                (atPoint.TryGetValue(patch, out var list) ? list : atPoint[patch] = []).Add(edit);
            }
        }

        return byPoint.Count == 0 ? ActiveHooks.None : new(byPoint.Select(p => new HookRegistration { Points = [p.Key], Function = (activation, point) => Write(activation, point, p.Value) }));
    }

    private Tensor Write(Tensor activation, HookPoint point, Dictionary<PlannedPatch, List<Edit>> edits)
    {
        using var scope = torch.NewDisposeScope();
        var changed = activation.clone();
        var (group, first, count) = _owners[Pass.ActiveSegment];
        for (var i = 0; i < count; i++)
        {
            if (!edits.TryGetValue(group.Patches[first + i], out var own))
            {
                continue;
            }

            var row = changed.select(0, i);
            foreach (var edit in own)
            {
                var (values, at) = edit.Live ? (activation.select(0, i), group.Start) : _bases.Values(edit.Donor, point);
                edit.Write(row, group.Start, values, at);
            }
        }

        return changed.MoveToOuterDisposeScope();
    }
}
