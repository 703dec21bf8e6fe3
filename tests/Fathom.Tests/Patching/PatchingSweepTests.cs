using Fathom.Patching;
using Axis = Fathom.Tensors.Axis;

namespace Fathom.Tests.Patching;

public sealed class PatchingSweepTests
{
    private static readonly Metric Surname = Metric.LogitDifference(2628, 2389);

    [Theory]
    [InlineData(SweepPath.Plain)]
    [InlineData(SweepPath.Engine)]
    public void The_notebooks_sweeps_on_the_embedded_model_equal_its_goldens(SweepPath path)
    {
        using var model = Names4L.Load();
        for (var run = 0; run < 3; run++)
        {
            PatchingSweep sweep = new() { From = Names4L.Corrupted[run], Into = Names4L.Hart, Site = Site.ResidualStream, Over = [Axis.Layer, Axis.Position], Metric = Surname };
            var result = sweep.Run(model, new() { Path = path });
            Assert.Equal(["resid_pre.0", "resid_post.0", "resid_post.1", "resid_post.2", "resid_post.3"], result.Axes[0].Labels);
            Assert.True(Names4L.Distance(Names4L.Golden(run, "resid"), result.Values) < 1e-3);

            var z = sweep with { Site = Site.Z, Over = [Axis.Layer, Axis.Head] };
            Assert.True(Names4L.Distance(Names4L.Golden(run, "head_z_all_positions"), z.Run(model, new() { Path = path }).Values) < 1e-3);
            var byPosition = z with { Over = [Axis.Layer, Axis.Head, Axis.Position] };
            Assert.True(Names4L.Distance(Names4L.Golden(run, "head_z_by_position"), byPosition.Run(model, new() { Path = path }).Values) < 1e-3);
        }
    }

    [Fact]
    public void Prompts_of_different_lengths_are_shown_side_by_side()
    {
        using var model = Names4L.Load();
        PatchingSweep sweep = new() { From = new[] { 0, 541, 365, 2389, 2389, 14 }, Into = new[] { 0, 541, 365, 2628, 14 }, Site = Site.ResidPre, Over = [Axis.Layer], Metric = Surname };
        var error = Assert.Throws<PromptLengthException>(() => sweep.Run(model));
        Assert.Contains("From is 6 tokens and Into 5", error.Message, StringComparison.Ordinal);
        Assert.Contains("\n  * ", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Refuses_axes_sites_heads_positions_and_answers_that_do_not_exist()
    {
        using var model = Names4L.Load();
        PatchingSweep sweep = new() { From = Names4L.Corrupted[0], Into = Names4L.Hart, Site = Site.Z, Over = [Axis.Layer, Axis.Head], Metric = Surname };
        string Message(PatchingSweep s) => Assert.ThrowsAny<ArgumentException>(() => s.Run(model)).Message;
        Assert.Contains("the site has no such axis", Message(sweep with { Site = Site.ResidPre }), StringComparison.Ordinal);
        Assert.Contains("no site 'blocks.{i}.hook_nothing'", Message(sweep with { Site = Site.Named("blocks.{i}.hook_nothing") }), StringComparison.Ordinal);
        Assert.Contains("no head 4: it has 4 entries, 0 to 3", Message(sweep with { Heads = [4] }), StringComparison.Ordinal);
        Assert.Contains("no pos 9", Message(sweep with { Positions = [9] }), StringComparison.Ordinal);
        Assert.Contains("no layer -5", Message(sweep with { Layers = [-5] }), StringComparison.Ordinal);
        Assert.Contains("names an index twice", Message(sweep with { Heads = [1, 1] }), StringComparison.Ordinal);
        Assert.Contains("does not have", Message(sweep with { Neurons = [1] }), StringComparison.Ordinal);
        Assert.Contains("each once", Message(sweep with { Over = [Axis.Layer, Axis.Layer] }), StringComparison.Ordinal);
        Assert.Contains("outside the vocabulary", Message(sweep with { Metric = Metric.Logit(99999) }), StringComparison.Ordinal);
        Assert.Contains("outside the vocabulary", Message(sweep with { From = new[] { 0, 99999, 0, 0, 0, 0, 0, 0, 0 } }), StringComparison.Ordinal);
        Assert.Contains("Did you mean 'resid_pre'", Assert.Throws<SweepInputException>(() => Site.Named("resid_pr")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_pair_the_metric_does_not_separate_has_no_normalised_recovery()
    {
        using var model = Names4L.Load();
        PatchingSweep sweep = new() { From = Names4L.Hart, Into = Names4L.Hart, Site = Site.ResidPre, Over = [Axis.Layer, Axis.Position], Metric = Surname };
        var result = sweep.Run(model);
        Assert.All(result.Values, v => Assert.Equal(result.Metrics[0].Baseline[0], v));
        Assert.True(result.NothingMoved);
        Assert.Throws<NoSeparationException>(() => result.Metrics[0].Recovery(0));
        Assert.Throws<NoSeparationException>(() => (sweep with { Metric = Surname.Normalised() }).Run(model));
    }

    [Fact]
    public void Normalised_values_are_0_for_the_corrupted_and_1_for_the_clean_run_in_both_directions()
    {
        using var model = Names4L.Load();
        PatchingSweep noising = new() { From = Names4L.Corrupted[0], Into = Names4L.Hart, Site = Site.ResidPost, Layers = [-1], Over = [Axis.Position], Metric = Surname.Normalised() };
        var broken = noising.Run(model);
        Assert.Equal(0, broken.Values[^1], 4);
        Assert.Equal(1, broken.Values[0], 4);
        Assert.Equal(broken.Checks.NoiseFloor!.Value / Math.Abs(broken.Metrics[0].Clean[0] - broken.Metrics[0].Corrupted[0]), broken.NoiseFloor);
        Assert.False(broken.NothingMoved);
        var restored = (noising with { From = noising.Into, Into = noising.From, Direction = Direction.Denoising }).Run(model);
        Assert.Equal(1, restored.Values[^1], 4);
        Assert.Equal(0, restored.Values[0], 4);
    }
}
