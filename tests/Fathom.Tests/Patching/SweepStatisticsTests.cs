using Fathom.Patching;
using Axis = Fathom.Tensors.Axis;

namespace Fathom.Tests.Patching;

public sealed class SweepStatisticsTests
{
    [Fact]
    public void A_batch_of_pairs_gives_values_per_example_and_exact_p_values()
    {
        using var model = Names4L.Load();
        PatchingSweep batch = new() { From = Names4L.Corrupted, Into = Names4L.Hart, Site = Site.ResidPre, Over = [Axis.Layer, Axis.Position], Metric = Metric.LogitDifference(2628, 2389) };
        var result = batch.Run(model);
        Assert.Equal(3, result.Metrics[0].Examples.Count);
        for (var e = 0; e < 3; e++)
        {
            var alone = (batch with { From = Names4L.Corrupted[e] }).Run(model);
            Assert.True(Names4L.Distance(alone.Values, result.Metrics[0].Examples[e]) < 1e-4);
        }

        var statistics = result.Statistics();
        Assert.Equal(result.Statistics(), statistics);
        Assert.Equal(new CellStatistics(0, 0, 0, 0, 1), statistics[result.CellAt(0, 0)]);
        var last = statistics[result.CellAt(3, 8)];
        Assert.Equal(0.25, last.PValue);
        Assert.InRange(last.Mean, last.Low, last.High);
        Assert.True(last.StandardError > 0);
    }

    [Fact]
    public void More_than_twelve_pairs_draw_sign_flips_and_agree_with_the_exact_count()
    {
        using var model = Names4L.Load();
        PatchingSweep Batch(int pairs) => new()
        {
            // Each pair differs in the last token alone, by another name.
            From = Enumerable.Range(0, pairs).Select(i => (int[])[.. Names4L.Hart[..8], 300 + (7 * i)]).ToArray(),
            Into = Names4L.Hart,
            Site = Site.ResidPre,
            Over = [Axis.Layer, Axis.Position],
            Positions = [-2, -1],
            Metric = Metric.Logit(2628),
        };
        var result = Batch(14).Run(model);
        var effects = result.Metrics[0].Examples.Zip(result.Metrics[0].Baseline, (e, b) => e[result.CellAt(1, 1)] - b).ToArray();
        var all = 1 << effects.Length;
        var bar = Math.Abs(effects.Sum()) * (1 - 1e-12);
        var exact = Enumerable.Range(0, all).Count(f => Math.Abs(effects.Select((e, i) => (f >> i & 1) == 0 ? e : -e).Sum()) >= bar) / (double)all;
        var drawn = result.Statistics()[result.CellAt(1, 1)].PValue;
        Assert.Equal(exact, drawn, 0.02);
        Assert.Equal(drawn, result.Statistics()[result.CellAt(1, 1)].PValue);
        // The draws count the unflipped sum too, so that no p-value is 0; nothing moved gives exactly 1.
        Assert.InRange(drawn, 1 / 10001.0, 1);
        Assert.Equal(1, result.Statistics()[result.CellAt(1, 0)].PValue);
    }

    [Fact]
    public void A_mean_that_holds_an_evaluated_prompt_is_refused()
    {
        using var model = Names4L.Load();
        PatchingSweep sweep = new() { From = Names4L.Hart, Into = Names4L.Hart, Site = Site.Z, Over = [Axis.Layer, Axis.Head], Metric = Metric.Logit(2628), Replacement = Replacement.Mean(new[] { Names4L.Corrupted[0], Names4L.Hart }) };
        Assert.Contains("leak", Assert.Throws<SweepInputException>(() => sweep.Run(model)).Message, StringComparison.Ordinal);
        Assert.Contains("no other example", Assert.Throws<SweepInputException>(() => (sweep with { Replacement = Replacement.Resample(1) }).Run(model)).Message, StringComparison.Ordinal);
    }
}
