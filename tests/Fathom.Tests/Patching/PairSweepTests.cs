using Fathom.Patching;
using Axis = Fathom.Tensors.Axis;

namespace Fathom.Tests.Patching;

public sealed class PairSweepTests
{
    private static readonly PairSweep Heads = new()
    {
        From = "Her name was Sarah Hart. When Alex",
        Into = "Her name was Alex Hart. When Alex",
        First = Places.Of(Site.Z, Axis.Layer, Axis.Head) with { Layers = [0, 1] },
        Second = Places.Of(Site.Z, Axis.Layer, Axis.Head) with { Layers = [1, 2] },
        Metric = Metric.LogitDifference(" Hart", " Carroll"),
    };

    [Fact]
    public void An_interaction_is_what_two_patches_do_beyond_each_alone()
    {
        using var model = Names4L.Load();
        var result = Heads.Run(model, new() { CheckCells = SweepOptions.AllCells });
        Assert.Equal([2, 4, 2, 4], result.Shape);
        Assert.Equal("interaction in logit(' Hart') - logit(' Carroll')", result.Metrics[0].Metric.Name);
        var single = new PatchingSweep { From = Heads.From, Into = Heads.Into, Site = Site.Z, Over = [Axis.Layer, Axis.Head], Metric = Heads.Metric }.Run(model, new() { Path = SweepPath.Plain });
        var nothing = single.Metrics[0].Baseline[0];
        for (var first = 0; first < 4; first++)
        {
            for (var second = 0; second < 4; second++)
            {
                // Layers 0 and 1: in layer 2's row of the second set, heads of the next layer.
                var both = result.Metrics[1].Mean[result.CellAt(0, first, 1, second)];
                Assert.Equal(both - single[0, first] - single[2, second] + nothing, result[0, first, 1, second], 2e-4);
            }
        }

        Assert.True(double.IsNaN(result[1, 2, 0, 2]), "A place together with itself is no pair.");
        Assert.Equal(result[1, 2, 0, 3], result[1, 3, 0, 2], 2e-4);
    }

    [Fact]
    public void Both_patches_of_a_pair_are_one_cell_of_one_run()
    {
        using var model = Names4L.Load();
        var pair = Heads with { First = Places.Of(Site.MlpOut, Axis.Layer) with { Positions = [4, 8] }, Second = Places.Of(Site.Q, Axis.Head) with { Layers = [1, 3] } };
        var engine = pair.Run(model);
        var plain = pair.Run(model, new() { Path = SweepPath.Plain });
        Assert.True(Names4L.Distance(plain.Metrics[1].Mean, engine.Metrics[1].Mean) < 1e-4);
        Assert.True(Names4L.Distance(plain.Values, engine.Values) < 2e-4);
        Assert.Equal((engine.Work.PlannedAttentionRows, engine.Work.PlannedMlpRows), (engine.Work.AttentionRows, engine.Work.MlpRows));
    }

    [Fact]
    public void Pairs_and_paths_survive_json_and_refuse_what_they_cannot_mean()
    {
        using var model = Names4L.Load();
        Assert.Equal(Heads, PairSweep.FromJson(Heads.ToJson()));
        PathSweep path = new() { From = Heads.From, Into = Heads.Into, Metric = Heads.Metric, Senders = Heads.First, Readers = Readers.Queries with { Over = [Axis.Layer], Heads = [1], And = [Readers.Keys with { Over = [] }] }, Norm = ReaderNorm.Recomputed };
        Assert.Equal(path, PathSweep.FromJson(path.ToJson()));
        var result = Heads.Run(model);
        Assert.Equal(result.ToJson(), SweepResult.FromJson(result.ToJson()).ToJson());
        Assert.Contains("another kind", Assert.Throws<SweepFormatException>(() => PatchingSweep.FromJson(Heads.ToJson())).Message, StringComparison.Ordinal);
        Assert.Contains("need an axis", Assert.Throws<SweepInputException>(() => (Heads with { First = Places.Of(Site.Z), Second = Places.Of(Site.Z) }).Run(model)).Message, StringComparison.Ordinal);
        Assert.Contains("is not what a component writes", Assert.Throws<SweepInputException>(() => (path with { Senders = Places.Of(Site.Q, Axis.Layer) }).Run(model)).Message, StringComparison.Ordinal);
    }
}
