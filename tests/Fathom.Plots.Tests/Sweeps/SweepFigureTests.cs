using Fathom.Patching;
using Fathom.Plots.Sweeps;

namespace Fathom.Plots.Tests.Sweeps;

public sealed class SweepFigureTests
{
    private static readonly SweepAxis[] LayersByHeads = [SampleSweeps.Layers(2), SampleSweeps.Heads(2)];

    // No change, a little less, corrupted, rounding.
    private static readonly double[] Cells = [18, 17.5, -18, 18.000001];

    [Fact]
    public void Shows_the_change_from_the_unpatched_run_centred_at_0()
    {
        var map = Map(SampleSweeps.Of(LayersByHeads, c => Cells[c]).ToFigure());
        Assert.Equal([0, -0.5, -36], map.Values.AsSpan()[..3].ToArray());
        Assert.Equal("change of logit(' Hart') - logit(' Carroll') (nats)", map.ValueTitle);
        Assert.Equal((0, 0, 1.8e-6), (map.Center, map.Baseline, map.NoiseFloor));
        Assert.Equal("#f7f7f7", map.Scale().At(map.Values[0, 0]).Hex);
        Assert.True(map.IsNoise(map.Values[1, 1]));
        Assert.Equal("logit(' Hart') - logit(' Carroll'): 17.5", map.HoverText[1]);
    }

    [Fact]
    public void An_unpatched_run_far_from_0_does_not_leave_the_figure_uniformly_dark()
    {
        // Small changes of a metric of 18: as raw values, every cell would have the colour at the scale's end.
        var map = Map(SampleSweeps.Of(LayersByHeads, c => 18 - (c * 0.1)).ToFigure());
        Assert.Equal(4, map.Values.AsSpan().ToArray().Select(v => map.Scale().At(v).Hex).Distinct().Count());
    }

    [Fact]
    public void Shows_the_metric_itself_where_asked_white_at_0()
    {
        var map = Map(SampleSweeps.Of(LayersByHeads, c => Cells[c]).ToFigure(show: ShownValue.Value));
        Assert.Equal(Cells, map.Values.AsSpan().ToArray());
        Assert.Equal("logit(' Hart') - logit(' Carroll') (nats)", map.ValueTitle);
        Assert.Equal((0, 18), (map.Center, map.Baseline));
        Assert.Empty(map.HoverText);
        Assert.True(map.IsNoise(map.Values[0, 0]));
        Assert.False(map.IsNoise(map.Values[0, 1]));
    }

    [Theory]
    [InlineData(Direction.Noising, 1)]
    [InlineData(Direction.Denoising, 0)]
    public void Shows_the_recovery_white_at_the_unpatched_run(Direction direction, double unpatched)
    {
        var map = Map(SampleSweeps.Of(LayersByHeads, c => Cells[c], direction: direction).ToFigure(show: ShownValue.Recovery));
        Assert.Equal([1, 35.5 / 36, 0], map.Values.AsSpan()[..3].ToArray(), (a, b) => Math.Abs(a - b) < 1e-12);
        Assert.Equal((unpatched, unpatched), (map.Center, map.Baseline));
        Assert.Equal(1.8e-6 / 36, map.NoiseFloor!.Value, 1e-12);
        Assert.Equal("recovery of logit(' Hart') - logit(' Carroll') (0 = corrupted, 1 = clean)", map.ValueTitle);
    }

    [Fact]
    public void A_normalised_metric_is_shown_as_the_recovery_that_it_is()
    {
        var normalised = SampleSweeps.Of(LayersByHeads, c => Cells[c], SampleSweeps.Difference.Normalised());
        Assert.Equal(Map(SampleSweeps.Of(LayersByHeads, c => Cells[c]).ToFigure(show: ShownValue.Recovery)).Values, Map(normalised.ToFigure()).Values);
        Assert.Equal(1.8e-6 / 36, Map(normalised.ToFigure()).NoiseFloor!.Value, 1e-12);
    }

    [Fact]
    public void Refuses_the_recovery_of_a_pair_that_the_metric_does_not_tell_apart()
    {
        var error = Assert.Throws<NoSeparationException>(() => SampleSweeps.Of(LayersByHeads, c => 18, corrupted: 18).ToFigure(show: ShownValue.Recovery));
        Assert.Contains("0 = corrupted, 1 = clean", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_result_keeps_its_values_whatever_the_figure_shows()
    {
        var result = SampleSweeps.Of(LayersByHeads, c => Cells[c]);
        _ = result.ToFigure(show: ShownValue.Recovery);
        Assert.Equal(Cells, result.Values);
    }

    [Fact]
    public void Says_what_was_put_where_and_what_proves_it()
    {
        var figure = SampleSweeps.Of(LayersByHeads, c => Cells[c]).ToFigure();
        Assert.Equal("Patching z by layer and head", figure.Title);
        Assert.Equal("From \"Her name was Alex Carroll. When Alex\" into \"Her name was Alex Hart. When Alex\", noising; names-4l", figure.Subtitle);
        Assert.Equal("logit(' Hart') - logit(' Carroll') is 18 on the clean run and -18 on the corrupted one. Self-check: 2 of 4 cells, run again as whole forward runs, differ by at most 3.0e-6. Noise floor: the run patched into itself moves by at most 1.8e-6.", figure.Caption);
    }

    [Fact]
    public void Of_long_prompts_only_what_differs_is_quoted_above_the_picture()
    {
        var long1 = string.Concat(Enumerable.Repeat("The river runs down to the sea. ", 20));
        var result = SampleSweeps.Of(LayersByHeads, c => Cells[c]);
        var figure = (result with { Sweep = (PatchingSweep)result.Sweep with { From = long1 + "Then Mary sang", Into = long1 + "Then John sang" } }).ToFigure();
        Assert.Matches("^From \"… [a-zA-Z. ]{20,60} Then Mary sang\" into \"… [a-zA-Z. ]{20,60} Then John sang\", noising; names-4l$", figure.Subtitle);
        Assert.Contains(figure.Provenance, fact => fact.Value.Contains(long1, StringComparison.Ordinal));
    }

    [Fact]
    public void Several_pairs_say_so_and_show_their_spread_under_the_pointer()
    {
        var figure = SampleSweeps.Of(LayersByHeads, c => Cells[c], pairs: 3).ToFigure();
        Assert.StartsWith("Mean of 3 pairs. From ", figure.Subtitle, StringComparison.Ordinal);
        Assert.Equal("logit(' Hart') - logit(' Carroll'): 18.5\nChange in 3 pairs: -0.5 to 1.5, standard error of the mean 0.5774", Map(figure).HoverText[1]);
    }

    [Fact]
    public void Three_axes_are_panels_and_four_a_grid_of_panels()
    {
        var three = Assert.IsType<SmallMultiples>(SampleSweeps.Of([SampleSweeps.Layers(12), SampleSweeps.Heads(12), SampleSweeps.Positions("pos", "a", "b", "c")], c => c).ToFigure());
        Assert.Equal("Patching z by layer, head and position", three.Title);
        Assert.Equal(TokenLabels.Numbered("L", 12), [.. three.Panels.Select(p => p.Title!)]);
        Assert.Equal("Head", Map(three.Panels[0]).RowTitle);

        var four = Assert.IsType<SmallMultiples>(SampleSweeps.Of([SampleSweeps.Layers(3), SampleSweeps.Heads(12), SampleSweeps.Positions("query_pos", "a", "b"), SampleSweeps.Positions("key_pos", "a", "b")], c => c).ToFigure());
        Assert.Equal((36, 12), (four.Panels.Count, four.Columns));
        Assert.Equal("L2, H11", four.Panels[^1].Title);
        Assert.True(Map(four.Panels[0]).SquareCells);
        Assert.Equal(143, Map(four.Panels[^1]).Values[1, 1] + 18);
    }

    private static HeatMap Map(Figure figure) => Assert.IsType<HeatMap>(figure);
}
