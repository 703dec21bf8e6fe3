using Fathom.Loading;
using Fathom.Models;
using Fathom.Patching;
using Fathom.Tests.Fixtures;
using Fathom.Tests.Patching;
using Axis = Fathom.Tensors.Axis;

namespace Fathom.Tests.Issues;

/// <summary>Faults of patching that users met elsewhere.</summary>
public sealed class PatchingFaultTests
{
    [Fact]
    public void Batched_edits_have_effect_and_a_sweep_that_moved_nothing_says_so()
    {
        using var model = Names4L.Load();
        PatchingSweep sweep = new() { From = Names4L.Corrupted, Into = Names4L.Hart, Site = Site.Z, Over = [Axis.Layer, Axis.Head, Axis.Position], Metric = Metric.LogitDifference(2628, 2389) };
        var packed = sweep.Run(model);
        var loop = sweep.Run(model, new() { Path = SweepPath.Plain });
        for (var e = 0; e < 3; e++)
        {
            Assert.True(Names4L.Distance(loop.Metrics[0].Examples[e], packed.Metrics[0].Examples[e]) < 1e-4);
        }

        Assert.False(packed.NothingMoved);
        Assert.DoesNotContain("no cell moved", $"{packed}", StringComparison.Ordinal);
        var same = (sweep with { From = Names4L.Hart }).Run(model);
        Assert.True(same.NothingMoved);
        Assert.Contains("no cell moved", $"{same}", StringComparison.Ordinal);
        Assert.All(same.Values, v => Assert.Equal(same.Metrics[0].Baseline[0], v));
    }

    [Fact]
    public void Grouped_queries_have_an_axis_of_key_value_heads_that_pads_nothing()
    {
        using var model = Grouped();
        PathSweep sweep = new() { From = new[] { 3, 9, 5, 8 }, Into = new[] { 3, 4, 5, 7 }, Metric = Metric.Logit(7), Senders = Places.Of(Site.Z, Axis.Layer, Axis.Head), Readers = Readers.Keys };
        var keys = sweep.Run(model, new() { CheckCells = SweepOptions.AllCells });
        Assert.Equal(("reader_kv_head", 2), (keys.Axes[3].Name, keys.Axes[3].Count));
        Assert.Equal(["KV0", "KV1"], keys.Axes[3].Labels);
        Assert.Contains("There is no kv_head 2: it has 2 entries", Assert.Throws<SweepInputException>(() => (sweep with { Readers = Readers.Keys with { Heads = [2] } }).Run(model)).Message, StringComparison.Ordinal);
        Assert.Equal(4, (sweep with { Readers = Readers.Queries }).Run(model).Shape[3]);
    }

    [Fact]
    public void Path_patching_recomputes_the_readers_norm_and_a_frozen_scale_is_another_method_by_name()
    {
        using var model = Names4L.Load();
        PathSweep sweep = new() { From = Names4L.Corrupted[0], Into = Names4L.Hart, Metric = Metric.LogitDifference(2628, 2389), Senders = Places.Of(Site.AttnOut, Axis.Layer, Axis.Position), Readers = Readers.Mlps };
        var exact = sweep.Run(model);
        Assert.True(Names4L.Distance(sweep.Run(model, new() { Path = SweepPath.Plain }).Values, exact.Values) < 1e-4);
        var frozen = (sweep with { Norm = ReaderNorm.FrozenScale }).Run(model);
        Assert.True(Names4L.Distance(exact.Values, frozen.Values) > 1e-2);
        Assert.Equal("attn_out to MLPs", exact.Sweep.What);
        Assert.Equal("attn_out to MLPs with frozen norms", frozen.Sweep.What);
    }

    [Fact]
    public void A_pair_that_the_metric_does_not_separate_has_no_recovery()
    {
        using var model = Names4L.Load();
        PatchingSweep sweep = new() { From = Names4L.Hart, Into = Names4L.Hart, Site = Site.ResidPre, Over = [Axis.Layer], Metric = Metric.LogitDifference(2628, 2389) };
        Assert.Throws<NoSeparationException>(() => (sweep with { Metric = sweep.Metric.Normalised() }).Run(model));
        var error = Assert.Throws<NoSeparationException>(() => sweep.Run(model).Metrics[0].Recovery(0));
        Assert.Equal((0, error.Clean), (error.Pair, error.Corrupted));
        Assert.Contains("Pair 0 is not separated by logit", error.Message, StringComparison.Ordinal);
        Assert.Contains("so '0 = corrupted, 1 = clean' has no meaning", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Multi_layer_and_multi_position_patches_are_one_cell()
    {
        using var model = Names4L.Load();
        PatchingSweep sweep = new() { From = Names4L.Corrupted[0], Into = Names4L.Hart, Site = Site.AttnOut, Over = [Axis.Position], Layers = [0, 2, 3], Metric = Metric.LogitDifference(2628, 2389) };
        Assert.True(Names4L.Distance(sweep.Run(model, new() { Path = SweepPath.Plain }).Values, sweep.Run(model).Values) < 1e-4);
        var both = sweep with { Over = [Axis.Layer], Layers = null, Positions = [5, 8] };
        Assert.True(Names4L.Distance(both.Run(model, new() { Path = SweepPath.Plain }).Values, both.Run(model).Values) < 1e-4);
    }

    [Fact]
    public void A_metric_that_gives_no_number_is_reported_in_its_cell_and_averaged_into_no_other()
    {
        using var model = Names4L.Load();
        PatchingSweep sweep = new() { From = Names4L.Corrupted, Into = Names4L.Hart, Site = Site.ResidPre, Over = [Axis.Layer, Axis.Position], Metric = Metric.LogitDifference(2628, 2389) };
        var plain = sweep.Run(model);
        var least = plain.Metrics[0].Examples[1].Min();
        var broken = (sweep with { Metric = Metric.Of("log of the distance from the least", "nats", l => Math.Log((l[-1, 2628] - l[-1, 2389]).ToDouble() - least - 1e-3)) }).Run(model, new() { CheckCells = SweepOptions.AllCells });
        var expected = plain.Metrics[0].Examples.Select(e => e.Count(v => v - least - 1e-3 < 0)).ToArray();
        Assert.InRange(expected.Sum(), 1, (plain.Values.Count * 3) - 1);
        Assert.Equal(expected, broken.Metrics[0].Examples.Select(e => e.Count(double.IsNaN)));
        Assert.Equal(expected.Sum(), broken.Metrics[0].NotNumbers);
        for (var cell = 0; cell < plain.Values.Count; cell++)
        {
            var none = broken.Metrics[0].Examples.Any(e => double.IsNaN(e[cell]));
            Assert.Equal(none, double.IsNaN(broken.Values[cell]));
            Assert.Equal(none, double.IsNaN(broken.Statistics()[cell].Mean));
        }

        Assert.Contains($"{expected.Sum()} value(s) are no numbers", $"{broken}", StringComparison.Ordinal);
        Assert.DoesNotContain("no numbers", $"{plain}", StringComparison.Ordinal);
        Assert.DoesNotContain(broken.Top(100), c => !double.IsFinite(c.Effect));
        Assert.Equal(broken.Metrics[0].NotNumbers, SweepResult.FromJson(broken.ToJson()).Metrics[0].NotNumbers);
    }

    [Fact]
    public void Sweeps_of_inputs_split_by_head_change_no_sweep_beside_them()
    {
        using var model = Names4L.Load();
        PatchingSweep sweep = new() { From = Names4L.Corrupted[0], Into = Names4L.Hart, Site = Site.Ln1Scale, Over = [Axis.Layer, Axis.Position], Metric = Metric.LogitDifference(2628, 2389) };
        PatchingSweep[] sweeps = [sweep, .. new[] { "attn_in", "q_input", "k_input" }.Select(n => sweep with { Site = Site.Named($"blocks.{{i}}.hook_{n}") })];
        var together = Sweep.RunAll(model, sweeps, new() { CheckCells = 8 });
        foreach (var (alone, beside) in sweeps.Zip(together))
        {
            Assert.True(Names4L.Distance(alone.Run(model, new() { Path = SweepPath.Plain }).Values, beside.Values) < 1e-4);
            Assert.False(beside.NothingMoved);
        }

        Assert.Equal(together.Sum(r => r.Work.Cells), Sweep.ExplainAll(model, sweeps).Work.Cells);
        PairSweep pair = new() { From = sweep.From, Into = sweep.Into, Metric = sweep.Metric, First = Places.Of(sweeps[1].Site, Axis.Layer), Second = Places.Of(sweeps[2].Site, Axis.Layer) };
        Assert.Contains("'blocks.0.hook_attn_in' and 'blocks.0.hook_q_input' cannot be patched in one sweep", Assert.Throws<SweepInputException>(() => pair.Run(model)).Message, StringComparison.Ordinal);
    }

    private static HookedTransformer Grouped() => HookedTransformer.FromPretrained(Fixture.Folder("patching/llama-gqa"));
}
