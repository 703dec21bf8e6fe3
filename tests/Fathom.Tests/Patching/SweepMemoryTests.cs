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

    private static void Settle()
    {
        // What earlier tests left to the collector must not go during the count.
        GC.Collect();
        GC.WaitForPendingFinalizers();
    }
}
