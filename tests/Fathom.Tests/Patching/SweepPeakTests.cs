using Fathom.Configuration;
using Fathom.Models;
using Fathom.Patching;
using Axis = Fathom.Tensors.Axis;

namespace Fathom.Tests.Patching;

/// <summary>Measures the memory of the whole process, so it runs while no other test does.</summary>
[Collection(nameof(SweepMemoryTests))]
public sealed class SweepPeakTests
{
    private const int Length = 96;

    private static readonly AttentionConfig Attention = new() { NHeads = 4, NKeyValueHeads = 4, DHead = 32, Scale = 0.2, QkvBias = true, OutputBias = true };

    private static readonly SelectiveScanConfig Scan = new() { DInner = 256, DState = 16, DDt = 8, Kernel = 4 };

    private static readonly StateSpaceDualConfig Dual = new() { NHeads = 8, DHead = 32, NGroups = 1, DState = 32, Kernel = 4, OutputNorm = new RmsNormConfig(1e-5) };

    private static readonly GatedDeltaNetConfig Delta = new() { NHeads = 4, NKeyHeads = 4, DKey = 32, DValue = 32, Kernel = 4, OutputNorm = new RmsNormConfig(1e-6) };

    public static TheoryData<string> Cases => ["resid", "z by head", "v", "pattern", "scan", "dual", "delta", "hybrid", "states", "loss", "paths", "paths to keys", "pairs", "mlp"];

    [Theory]
    [MemberData(nameof(Cases))]
    public void The_peak_of_a_run_stays_within_a_tenth_of_its_budget(string name)
    {
        Assert.SkipUnless(NativeHeap.Counts, "Counting the bytes in use needs glibc 2.33 or later.");
        var (mixer, sweep) = Case(name);
        using var model = Model(mixer, name == "hybrid");
        var least = Assert.Throws<MemoryBudgetException>(() => sweep.Run(model, new() { MemoryBudget = 1000 })).Needed;
        foreach (var budget in new[] { least, least * 3 / 2, least * 4 })
        {
            var peak = NativeHeap.PeakOf(() => Begun(model, sweep, budget));
            var planned = sweep.Explain(model, new() { MemoryBudget = budget }).BytesNeeded;
            TestContext.Current.TestOutputHelper?.WriteLine($"{name}: budget {budget >> 20} MiB, planned {planned >> 20} MiB, peak {peak >> 20} MiB");
            Assert.True(peak <= 1.1 * budget, $"{name}: a budget of {budget >> 20} MiB, {planned >> 20} MiB planned, a peak of {peak >> 20} MiB");
        }
    }

    /// <summary>Runs the first groups: the largest are among them.</summary>
    private static void Begun(HookedTransformer model, Sweep sweep, long budget)
    {
        using CancellationTokenSource stop = new();
        var groups = 0;
        try
        {
            sweep.Run(model, new() { MemoryBudget = budget, CheckCells = 1, Cancellation = stop.Token, Progress = new Counter(() => { if (++groups == 3) { stop.Cancel(); } }) });
        }
        catch (OperationCanceledException)
        {
            // Three groups were seen.
        }
    }

    private static (MixerConfig Mixer, Sweep Sweep) Case(string name)
    {
        Random random = new(5);
        int[] into = [.. Enumerable.Range(0, Length).Select(_ => random.Next(2000))];
        int[] from = [.. into.Select((id, i) => i == 0 ? id : (id + 1 + i) % 2000)];
        var difference = Metric.LogitDifference(3, 5);
        PatchingSweep residual = new() { From = from, Into = into, Site = Site.ResidPre, Over = [Axis.Layer, Axis.Position], Metric = difference };
        PathSweep paths = new() { From = from, Into = into, Senders = Places.Of(Site.Z, Axis.Layer, Axis.Head, Axis.Position), Readers = Readers.Logits, Metric = difference };
        return name switch
        {
            "resid" or "hybrid" => (Attention, residual),
            "z by head" => (Attention, residual with { Site = Site.Z, Over = [Axis.Layer, Axis.Head, Axis.Position] }),
            "v" => (Attention, residual with { Site = Site.V, Over = [Axis.Layer, Axis.Head, Axis.Position] }),
            "pattern" => (Attention, residual with { Site = Site.Pattern, Over = [Axis.Layer, Axis.Head, Axis.Destination] }),
            "mlp" => (Attention, residual with { Site = Site.MlpPost }),
            "scan" => (Scan, residual),
            "states" => (Scan, residual with { Site = Site.Named("blocks.{i}.mixer.hook_ssm_state") }),
            "dual" => (Dual, residual),
            "delta" => (Delta, residual),
            "loss" => (Attention, residual with { Metric = Metric.Loss }),
            "paths" => (Attention, paths),
            "paths to keys" => (Attention, paths with { Readers = Readers.Keys }),
            _ => (Attention, new PairSweep { From = from, Into = into, First = Places.Of(Site.ResidPre, Axis.Position), Second = Places.Of(Site.MlpOut, Axis.Layer), Metric = difference }),
        };
    }

    private static HookedTransformer Model(MixerConfig mixer, bool hybrid) => RandomModels.Make(
        new()
        {
            Architecture = "Random",
            DModel = 128,
            DVocab = 2000,
            NCtx = Length,
            FinalNorm = new RmsNormConfig(1e-6),
            Blocks = [.. Enumerable.Range(0, 3).Select(i => new BlockConfig { Mixer = hybrid && i == 1 ? Scan : mixer, Mlp = new GatedMlpConfig(512, Activation.Silu), Ln1 = new RmsNormConfig(1e-6), Ln2 = new RmsNormConfig(1e-6) })],
        },
        7);

    private sealed class Counter(Action count) : IProgress<SweepProgress>
    {
        public void Report(SweepProgress value) => count();
    }
}
