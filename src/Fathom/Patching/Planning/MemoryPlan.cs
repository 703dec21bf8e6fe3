using Fathom.Components;
using Fathom.Configuration;
using Fathom.Hooks;
using Fathom.Patching.Engine;

namespace Fathom.Patching.Planning;

/// <summary>Predicts the memory of a job, and from it how many rows may go through the layers together.</summary>
internal sealed class MemoryPlan
{
    private readonly long _fixed;
    private readonly long _perRow;
    private readonly long _longest;

    public MemoryPlan(PatchJob job, PatchPlanner planner, IReadOnlyCollection<HookPoint> ofBases, IReadOnlyCollection<HookPoint> ofDonors, IReadOnlyList<PlannedPatch> patches, long? budget)
    {
        var model = job.Model;
        Budget = budget ?? Free() / 2;
        var bytes = model.DType is torch.ScalarType.BFloat16 or torch.ScalarType.Float16 ? 2L : 4L;
        var (d, hidden) = ((long)model.Config.DModel, (long)Math.Max(model.Config.DModel, model.Config.DMlp));
        var qkv = model.Config.Blocks.Max(b => b.Mixer is AttentionConfig a ? ((long)a.NHeads * (a.DHead + (2 * a.DHeadV))) + ((long)a.NKeyValueHeads * (a.DHead + a.DHeadV)) : 6 * d);
        var longest = job.Prompts.Max(p => (long)p.Length);
        _longest = patches.Count == 0 ? 0 : patches.Max(p => p.Length);
        var bases = job.AllRuns.Select(r => r.Into).Distinct().ToList();
        var stored = bases.Sum(p => ofBases.Sum(h => Width(h, job.Prompts[p].Length)) * job.Prompts[p].Length)
            + job.Donors.Sum(p => ofDonors.Sum(h => Width(h, job.Prompts[p].Length)) * job.Prompts[p].Length);
        var keys = bases.Sum(p => (long)job.Prompts[p].Length) * model.Config.Blocks.Sum(b => b.Mixer is AttentionConfig a ? (long)a.NKeyValueHeads * (a.DHead + a.DHeadV) : 2 * d);
        var sent = job.Paths.Sum(p => PathValues.RowsOf(job, p, planner)) * d;
        var heads = Math.Max(1, model.Config.NHeads);
        var basePass = Math.Min(4096, job.Prompts.Sum(p => (long)p.Length)) * ((8 * d) + qkv + (3 * hidden));
        var scores = 4 * Math.Max(48L << 20, bytes * heads * longest * longest);
        var logits = planner.LastOnly ? 192L << 20 : (bases.Count + 3L) * longest * model.Config.DVocab * 8;
        var small = Math.Min(1, longest / 128.0);
        _perRow = bytes * ((7 * d) + qkv + (hidden / 4));
        _fixed = (bytes * (stored + keys + sent + basePass + (2048 * 3 * hidden))) + (long)(scores * Math.Max(small, 0.1)) + Math.Min(logits, 4L * model.Config.DVocab * 64 * 24);
        if (!planner.LastOnly)
        {
            _fixed += logits;
        }

        var room = (Budget - _fixed) / Math.Max(1, _perRow);
        if (patches.Count > 0 && room < _longest)
        {
            throw new MemoryBudgetException(Budget, _fixed + (_longest * _perRow));
        }

        RowsPerGroup = Math.Clamp(room, Math.Max(1, _longest), Math.Max(SweepPlan.EnoughRows, _longest));
    }

    /// <summary>What the run may take beside the model, in bytes.</summary>
    public long Budget { get; }

    /// <summary>The rows that may be alive together.</summary>
    public long RowsPerGroup { get; }

    /// <summary>The predicted peak of a plan, in bytes.</summary>
    public long PeakOf(SweepPlan plan) => _fixed + (_perRow * (plan.Groups.Count == 0 ? 0 : plan.Groups.Max(g => g.Rows)));

    private static long Width(HookPoint point, int length) =>
        point.Axes.Names.Skip(1).Where(n => n is not ("pos" or "query_pos")).Aggregate(1L, (n, a) => n * (a == "key_pos" ? length : point.Sizes.GetValueOrDefault(a, 1)));

    private static long Free()
    {
        const string Path = "/proc/meminfo";
        if (OperatingSystem.IsLinux() && File.Exists(Path)
            && File.ReadLines(Path).FirstOrDefault(l => l.StartsWith("MemAvailable:", StringComparison.Ordinal)) is { } line
            && long.TryParse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], out var kib))
        {
            return kib * 1024;
        }

        var info = GC.GetGCMemoryInfo();
        return Math.Max(0, info.TotalAvailableMemoryBytes - info.MemoryLoadBytes);
    }
}
