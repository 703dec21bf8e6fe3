using Fathom.Components;
using Fathom.Configuration;
using Fathom.Hooks;
using Fathom.Models;
using Fathom.Patching.Engine;

namespace Fathom.Patching.Planning;

/// <summary>Predicts the memory of a job, and from it how many rows may go through the layers together.</summary>
internal sealed class MemoryPlan
{
    private readonly HookedTransformer _model;
    private readonly long _fixed;
    private readonly long _perRow;
    private readonly long _longest;
    private readonly bool _states;

    public MemoryPlan(PatchJob job, PatchPlanner planner, IReadOnlyCollection<HookPoint> ofBases, IReadOnlyCollection<HookPoint> ofDonors, IReadOnlyList<PlannedPatch> patches, long? budget)
    {
        var model = _model = job.Model;
        Budget = budget ?? Free() / 2;
        _states = ofDonors.Concat(ofBases).Any(MixerMemory.ShowsStates);
        var bytes = model.DType switch { torch.ScalarType.BFloat16 or torch.ScalarType.Float16 => 2L, torch.ScalarType.Float64 => 8L, _ => 4L };
        var (d, hidden) = ((long)model.Config.DModel, (long)Math.Max(model.Config.DModel, model.Config.DMlp));
        var mixer = model.Config.Blocks.Max(b => MixerMemory.PerRow(b.Mixer, d));
        var longest = job.Prompts.Max(p => (long)p.Length);
        _longest = patches.Count == 0 ? 0 : patches.Max(p => p.Length);
        var bases = job.AllRuns.Select(r => r.Into).Distinct().ToList();
        var stored = bases.Sum(p => ofBases.Sum(h => Width(h, job.Prompts[p].Length)) * job.Prompts[p].Length)
            + job.Donors.Sum(p => ofDonors.Sum(h => Width(h, job.Prompts[p].Length)) * job.Prompts[p].Length)
            + (job.Means.Count * ofDonors.Sum(h => Width(h, (int)longest)) * longest);
        var keys = bases.Sum(p => (long)job.Prompts[p].Length) * model.Config.Blocks.Sum(b => b.Mixer is AttentionConfig a ? (long)a.NKeyValueHeads * (a.DHead + a.DHeadV) : 0);
        var sent = job.Paths.Sum(p => PathValues.RowsOf(job, p, planner)) * d;
        var basePass = Math.Min(4096, job.Prompts.Sum(p => (long)p.Length)) * ((8 * d) + mixer + (3 * hidden));
        var logits = Logits(job, planner, bases.Count, longest);
        _perRow = bytes * ((10 * d) + mixer + (hidden / 4) + Readers(patches));
        var reading = job.Paths.Count == 0 ? 0 : PathValues.RowsTogether * ((6 * d) + mixer + (3 * hidden));
        _fixed = (bytes * (stored + keys + sent + Math.Max(basePass, Math.Max(reading, 2048 * 4 * hidden)))) + logits;
        if (patches.Count > 0 && Room() < _longest)
        {
            throw new MemoryBudgetException(Budget, At(_longest));
        }

        RowsPerGroup = Math.Clamp(Room(), Math.Max(1, _longest), Math.Max(SweepPlan.EnoughRows, _longest));
    }

    /// <summary>What the run may take beside the model, in bytes.</summary>
    public long Budget { get; }

    /// <summary>The rows that may be alive together.</summary>
    public long RowsPerGroup { get; }

    /// <summary>The predicted peak of a plan, in bytes.</summary>
    public long PeakOf(SweepPlan plan) => At(plan.Groups.Count == 0 ? 0 : plan.Groups.Max(g => g.Rows));

    /// <summary>The bytes taken with so many rows alive.</summary>
    private long At(long rows) => _fixed + (_perRow * rows) + MixerMemory.Mixing(_model, rows, _longest, _states);

    /// <summary>The most rows that the budget allows.</summary>
    private long Room()
    {
        var (low, high) = (0L, Math.Max(SweepPlan.EnoughRows, _longest));
        while (low < high)
        {
            var middle = (low + high + 1) / 2;
            (low, high) = At(middle) <= Budget ? (middle, high) : (low, middle - 1);
        }

        return low;
    }

    /// <summary>Bytes of logits: the answers' columns are nothing; else a chunk of rows, or whole runs in 32 and 64 bits.</summary>
    private static long Logits(PatchJob job, PatchPlanner planner, int bases, long longest)
    {
        var metrics = job.Sweeps.SelectMany(s => s.Metrics).ToList();
        var vocabulary = (long)job.Model.Config.DVocab;
        var chunk = metrics.All(m => m.ColumnsOnly) ? 0 : Math.Min(2 * CellScorer.LogitBytes, 24 * vocabulary * Math.Max(64, bases));
        return chunk + (planner.LastOnly ? 0 : ((2 * bases) + 3L) * longest * vocabulary * 8);
    }

    /// <summary>The numbers that path patches keep for each row of a layer: what readers make of a changed input.</summary>
    private static long Readers(IReadOnlyList<PlannedPatch> patches) =>
        patches.Select(p => p.Edits.Where(e => e.Donor.IsPath).Select(e => e.Point).Distinct().GroupBy(p => p.Layer).Select(g => g.Sum(p => 2 * Width(p, 1))).DefaultIfEmpty(0).Max()).DefaultIfEmpty(0).Max();

    /// <summary>The numbers that a point shows for each position of a run.</summary>
    internal static long Width(HookPoint point, int length) =>
        point.Axes.Names.Skip(1).Where(n => n is not ("pos" or "query_pos")).Aggregate(1L, (n, a) => n * (a == "key_pos" ? length : point.Sizes.GetValueOrDefault(a, 1)));

    /// <summary>The memory that is free now, in bytes.</summary>
    internal static long Free()
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
