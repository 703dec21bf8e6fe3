using Fathom.Components;
using Fathom.Configuration;
using Fathom.Hooks;
using Fathom.Patching.Engine;
using Fathom.Patching.Paths;

namespace Fathom.Patching.Planning;

/// <summary>Decides for each cell whether it can differ from the base run, and where it starts to.</summary>
internal sealed class PatchPlanner
{
    private readonly PatchJob _job;
    private readonly bool _lastOnly;
    private readonly bool[] _windowed;
    private readonly int _layers;

    public PatchPlanner(PatchJob job)
    {
        _job = job;
        _layers = job.Model.Config.NLayers;
        _lastOnly = job.Sweeps.All(s => s.Metrics.All(m => m.LastOnly));
        _windowed = new bool[_layers + 1];
        _windowed[_layers] = true;
        for (var layer = _layers - 1; layer >= 0; layer--)
        {
            _windowed[layer] = _windowed[layer + 1] && job.Model.Blocks[layer].Mixer is Attention { Config.Causal: true } or RoutedAttention;
        }
    }

    /// <summary>Whether only the last position of a run is read.</summary>
    public bool LastOnly => _lastOnly;

    /// <summary>Whether every block attends causally and only ends are read, so that runs can share prefixes.</summary>
    public bool SharesPrefixes => _windowed[0] && _lastOnly;

    /// <summary>The first position at which a donor's activations can differ from those of a base run; the length if none can.</summary>
    public int FirstDifference(int into, Donor donor)
    {
        var tokens = _job.Prompts[into];
        if (!donor.IsRun)
        {
            return 0;
        }

        var other = _job.Prompts[donor.Prompt];
        var same = 0;
        while (same < tokens.Length && tokens[same] == other[same])
        {
            same++;
        }

        return same == tokens.Length || _job.Model.Blocks.All(b => b.Mixer is not Attention { Config.Causal: false }) ? same : 0;
    }

    /// <summary>The first position that a sender's change has values for: that of the base's first row, where some block runs whole sequences.</summary>
    public int FirstOf(PathSource path) => path.First(_windowed[0] ? FirstDifference(path.Into, path.Edits[0].Donor) : 0);

    /// <summary>Plans a patch; <see langword="null"/> if it provably equals the base run.</summary>
    /// <param name="run">The example.</param>
    /// <param name="cell">The cell.</param>
    /// <param name="edits">Its replacements.</param>
    public PlannedPatch? Plan(ExampleRun run, int cell, IReadOnlyList<Edit> edits)
    {
        var length = _job.Prompts[run.Into].Length;
        List<Edit> active = [.. edits.Where(e => Acts(run, e, length))];
        if (active.Count == 0)
        {
            return null;
        }

        var layer = active.Min(e => e.Layer);
        var (kind, touchesLater) = active.Select(e => e.Point).Distinct().Count() == 1 ? KindOf(active[0].Point) : (PatchKind.Block, true);
        var start = active.Min(e => e.Position >= 0 ? e.Position : FirstDifference(run.Into, e.Donor));
        var windowed = _windowed[layer] || (kind is PatchKind.Mid or PatchKind.Mlp or PatchKind.Exit && _windowed[layer + 1]);
        start = windowed ? start : 0;
        var last = touchesLater || !windowed || active.Any(e => e.MayUnmask) ? length - 1 : active.Max(e => e.Position < 0 ? length - 1 : e.Position);
        if (_lastOnly && layer == _layers - 1 && (kind is PatchKind.Mid or PatchKind.Mlp or PatchKind.Exit || (kind == PatchKind.Mixer && !touchesLater && windowed)))
        {
            (start, last) = (length - 1, length - 1);
            active = [.. active.Where(e => e.Position < 0 || e.Position == length - 1)];
        }

        return new(run, cell, active, kind, layer, start, length - start, last - start + 1);
    }

    /// <summary>The rows that a planned patch sends through mixers and MLPs.</summary>
    /// <param name="patch">The patch.</param>
    /// <param name="tails">Whether its group computes only the end of runs in the last block.</param>
    public (long Attention, long Mlp) RowsOf(PlannedPatch patch, bool tails)
    {
        long attention = 0;
        long mlp = 0;
        for (var layer = patch.Layer; layer < _layers; layer++)
        {
            var block = _job.Model.Blocks[layer];
            var ends = _lastOnly && layer == _layers - 1;
            var (mixes, thinks) = layer > patch.Layer || patch.Kind is PatchKind.Entry or PatchKind.Block
                ? (patch.Length, ends && tails ? 1 : patch.Length)
                : patch.Kind switch
                {
                    PatchKind.Mixer => (Recomputes(block, patch) ? patch.Touched : 0, block.Config.Layout == BlockLayout.Parallel ? 0 : ends ? 1 : patch.Length),
                    PatchKind.Mid => (0, patch.Length),
                    PatchKind.Mlp => (0, patch.Touched),
                    _ => (0, 0),
                };
            attention += mixes;
            mlp += block.Mlp is null ? 0 : thinks;
        }

        return (attention, mlp);
    }

    /// <summary>Whether the mixer itself must run for a patch that starts inside it; what heads write is linear from <c>z</c> on, and from values on while the pattern stays.</summary>
    public static bool Recomputes(TransformerBlock block, PlannedPatch patch) => !(IsLinear(block, patch.Edits[0].Point) || IsMixerOut(patch.Edits[0].Point) || FixedPatterns.Hold(block, patch.Edits[0].Point));

    /// <summary>Whether what the mixer writes is one matrix away from a point.</summary>
    public static bool IsLinear(TransformerBlock block, HookPoint point) => block.Attn is { } attn && (point == attn.HookZ || point == attn.HookResult);

    /// <summary>Whether a point is what the mixer adds to the stream.</summary>
    public static bool IsMixerOut(HookPoint point) => point.ShortName is "hook_attn_out" or "hook_mixer_out";

    /// <summary>Whether the last block computes only the end of runs: nobody replaces anything inside it by a hook.</summary>
    public bool Tails(PatchGroup group) => _lastOnly && !group.Patches.Any(p => p.Kind == PatchKind.Block && p.Edits.Any(e => e.Layer == _layers - 1));

    private (PatchKind Kind, bool TouchesLater) KindOf(HookPoint point)
    {
        var block = _job.Model.Blocks[point.Layer!.Value];
        if (point == block.HookResidPre)
        {
            return (PatchKind.Entry, true);
        }

        if (point == block.HookResidMid)
        {
            return (PatchKind.Mid, false);
        }

        if (point == block.HookResidPost)
        {
            return (PatchKind.Exit, false);
        }

        if (point == block.HookAttnOut)
        {
            return (PatchKind.Mixer, false);
        }

        if (block.Mlp is not null && (point == block.HookMlpOut || point.Name.StartsWith($"{block.Mlp.Path}.", StringComparison.Ordinal)))
        {
            return (PatchKind.Mlp, false);
        }

        return point.Name.StartsWith($"{block.Mixer.Path}.", StringComparison.Ordinal) ? (PatchKind.Mixer, !IsLocal(block, point)) : (PatchKind.Block, true);
    }

    /// <summary>Whether a point of a mixer acts on its own position only.</summary>
    private static bool IsLocal(TransformerBlock block, HookPoint point) => block.Attn is { } attn
        && (point == attn.HookQ || point == attn.HookRotQ || point == attn.HookZ || point == attn.HookResult || point == attn.HookPattern || point == attn.HookAttnScores || point == attn.HookGate
            || (attn.QNorm is { } norm && point.Name.StartsWith($"{norm.Path}.", StringComparison.Ordinal))
            || (attn.OutputNorm is { } output && point.Name.StartsWith($"{output.Path}.", StringComparison.Ordinal)));

    private bool Acts(ExampleRun run, Edit edit, int length)
    {
        var first = FirstDifference(run.Into, edit.Donor);
        if (edit.Take < 0 && (first >= length || (edit.Position >= 0 && edit.Position < first)))
        {
            return false;
        }

        var block = _job.Model.Blocks[edit.Layer];
        if (edit.Take < 0 && edit.Donor.IsRun && edit.Layer == 0 && edit.Point == block.HookResidPre && edit.Position >= 0
            && _job.Prompts[run.Into][edit.Position] == _job.Prompts[edit.Donor.Prompt][edit.Position])
        {
            return false;
        }

        if (edit.Take < 0 && edit.Donor.IsRun && edit is { Position: >= 0, Source: >= 0 } && edit.Source > edit.Position && block.Attn is { Config.Causal: true })
        {
            return false;
        }

        var (kind, touchesLater) = KindOf(edit.Point);
        var local = kind is PatchKind.Mid or PatchKind.Mlp or PatchKind.Exit || (kind == PatchKind.Mixer && !touchesLater);
        return !(_lastOnly && local && edit.Layer == _layers - 1 && edit.Position >= 0 && edit.Position < length - 1);
    }
}
