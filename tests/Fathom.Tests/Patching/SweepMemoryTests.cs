using Fathom.Configuration;
using Fathom.Patching;
using Axis = Fathom.Tensors.Axis;

namespace Fathom.Tests.Patching;

/// <summary>Counts the tensors of the whole process, so it runs while no other test does.</summary>
[Collection(nameof(SweepMemoryTests))]
[CollectionDefinition(nameof(SweepMemoryTests), DisableParallelization = true)]
public sealed class SweepMemoryTests
{
    [Fact]
    public void Native_memory_is_flat_over_a_hundred_sweeps()
    {
        using var model = Names4L.Load();
        PatchingSweep sweep = new() { From = Names4L.Corrupted[0], Into = Names4L.Hart, Site = Site.Z, Over = [Axis.Layer, Axis.Head], Metric = Metric.LogitDifference(2628, 2389) };
        sweep.Run(model);
        Settle();
        var before = torch.Tensor.TotalCount;
        for (var i = 0; i < 100; i++)
        {
            sweep.Run(model, new() { CheckCells = 0 });
        }

        Settle();
        Assert.True(torch.Tensor.TotalCount <= before, $"{torch.Tensor.TotalCount - before} tensors more after 100 sweeps");
    }

    [Fact]
    public void Native_memory_is_flat_over_a_thousand_sweeps_of_every_kind_half_of_which_fail()
    {
        using var model = RandomModels.Make(
            new()
            {
                Architecture = "Random",
                DModel = 8,
                DVocab = 20,
                NCtx = 8,
                Blocks = [.. Enumerable.Range(0, 2).Select(i => new BlockConfig { Mixer = i == 0 ? new AttentionConfig { NHeads = 2, NKeyValueHeads = 2, DHead = 4, Scale = 0.5 } : new SelectiveScanConfig { DInner = 8, DState = 2, DDt = 2, Kernel = 2 }, Mlp = new PlainMlpConfig(8, Activation.Gelu, true), Ln1 = new LayerNormConfig(1e-5), Ln2 = new LayerNormConfig(1e-5) })],
            },
            1);
        int[] into = [1, 2, 3, 4], from = [1, 5, 3, 6];
        var metric = Metric.LogitDifference(3, 5);
        var failing = Metric.Of("fails", "nats", _ => throw new TimeoutException());
        PatchingSweep patches = new() { From = from, Into = into, Site = Site.V, Over = [Axis.Layer, Axis.Position], Metric = metric };
        Sweep[] sweeps =
        [
            patches, patches with { Metric = failing }, patches with { Site = Site.ResidMid, Replacement = Replacement.Mean(new[] { from }) }, patches with { Site = Site.Pattern, Metric = failing, Over = [Axis.Head] },
            new PathSweep { From = from, Into = into, Senders = Places.Of(Site.Z, Axis.Layer), Readers = Readers.Logits, Metric = metric }, new PathSweep { From = from, Into = into, Senders = Places.Of(Site.MlpOut, Axis.Layer), Readers = Readers.Mlps, Metric = failing },
            new PairSweep { From = from, Into = into, First = Places.Of(Site.MlpOut, Axis.Layer), Second = Places.Of(Site.ResidPre, Axis.Position), Metric = metric }, patches with { Site = Site.ResidPost, Replacement = Replacement.Zero, Metric = failing },
        ];
        void Run(int i)
        {
            try
            {
                sweeps[i % sweeps.Length].Run(model, new() { Path = i % 16 < 8 ? SweepPath.Engine : SweepPath.Plain, CheckCells = 1 });
                Assert.Equal(0, i % 2);
            }
            catch (TimeoutException)
            {
                Assert.Equal(1, i % 2);
            }
        }

        for (var i = 0; i < 16; i++)
        {
            Run(i);
        }

        Settle();
        var before = torch.Tensor.TotalCount;
        for (var i = 0; i < 1000; i++)
        {
            Run(i);
        }

        Settle();
        Assert.True(torch.Tensor.TotalCount <= before, $"{torch.Tensor.TotalCount - before} tensors more after 1,000 sweeps");
    }

    private static void Settle()
    {
        // What earlier tests left to the collector must not go during the count.
        GC.Collect();
        GC.WaitForPendingFinalizers();
    }
}
