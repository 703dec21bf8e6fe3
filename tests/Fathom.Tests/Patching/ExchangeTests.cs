using Fathom.Configuration;
using Fathom.Models;
using Fathom.Patching;
using Axis = Fathom.Tensors.Axis;

namespace Fathom.Tests.Patching;

/// <summary>Fault: an exchange of two positions on several layers exchanged them back.</summary>
public sealed class ExchangeTests
{
    private static readonly int[] Prompt = [3, 7, 11, 2, 9];

    [Fact]
    public void An_exchange_repeated_on_several_layers_does_not_undo_itself()
    {
        using var model = IdentityBlocks();
        // One component of the stream per cell, on all chosen layers together.
        IReadOnlyList<double>[] Values(bool live) => [.. new[] { new[] { 0 }, [0, 1], [0, 1, 2], [0, 1, 2, 3] }.Select(layers => (Exchange(Site.ResidPre, layers, live) with { Over = [new("d_model")] }).Run(model, new() { CheckCells = SweepOptions.AllCells }).Values)];
        var clamped = Values(false);
        Assert.All(clamped, v => Assert.True(Names4L.Distance(clamped[0], v) < 1e-5));
        var live = Values(true);
        Assert.True(Names4L.Distance(clamped[0], live[0]) < 1e-5);
        Assert.True(Names4L.Distance(live[0], live[1]) > 0.01, "Twice exchanged is unchanged.");
        Assert.True(Names4L.Distance(live[1], live[3]) < 1e-5);
        Assert.Contains("live_exchange", Exchange(Site.ResidPre, [0, 1], true).ToJson(), StringComparison.Ordinal);
        Assert.Equal(Exchange(Site.ResidPre, [0, 1], true), PatchingSweep.FromJson(Exchange(Site.ResidPre, [0, 1], true).ToJson()));
    }

    [Theory]
    [InlineData("resid_pre", false)]
    [InlineData("z", false)]
    [InlineData("q", true)]
    [InlineData("k", false)]
    [InlineData("v", true)]
    [InlineData("mlp_post", true)]
    [InlineData("attn_out", false)]
    [InlineData("resid_post", true)]
    [InlineData("pattern", false)]
    public void Exchanges_equal_whole_runs_at_every_kind_of_site(string site, bool live)
    {
        using var model = Names4L.Load();
        var one = Exchange(Site.Named(site), null, live) with { From = Names4L.Hart, Into = Names4L.Hart, Over = [Axis.Layer], Replacement = Replacement.Exchange(4, -1, live) };
        var together = site is "resid_pre" or "attn_out" or "resid_post" ? null : one with { Over = [site is "mlp_post" ? Axis.Neuron : Axis.Head], Neurons = site == "mlp_post" ? [1, 2] : null };
        foreach (var sweep in new[] { one, together }.OfType<PatchingSweep>())
        {
            var engine = sweep.Run(model);
            Assert.True(Names4L.Distance(sweep.Run(model, new() { Path = SweepPath.Plain }).Values, engine.Values) < 1e-4, $"{sweep}");
            Assert.False(engine.NothingMoved);
        }
    }

    [Fact]
    public void An_exchange_says_what_it_cannot_mean()
    {
        using var model = Names4L.Load();
        var sweep = Exchange(Site.Z, null, false) with { From = Names4L.Hart, Into = Names4L.Hart };
        void Refused(PatchingSweep s, string phrase) => Assert.Contains(phrase, Assert.Throws<SweepInputException>(() => s.Run(model)).Message, StringComparison.Ordinal);
        Refused(sweep with { Over = [Axis.Layer, Axis.Position] }, "Leave positions out of Over and Positions");
        Refused(sweep with { Replacement = Replacement.Exchange(8, -1) }, "which are the same");
        Refused(sweep with { Replacement = Replacement.Exchange(0, 9) }, "There is no pos 9");
        Refused(sweep with { Replacement = Replacement.Exchange(0, 1, live: true), From = Names4L.Corrupted[0] }, "A live exchange takes the values of the run being patched");
    }

    private static PatchingSweep Exchange(Site site, int[]? layers, bool live) => new()
    {
        From = Prompt,
        Into = Prompt,
        Site = site,
        Over = [Axis.Layer],
        Layers = layers,
        Replacement = Replacement.Exchange(1, 4, live),
        Metric = Metric.LogitDifference(3, 5),
    };

    /// <summary>Four layers that add nothing to the stream: attention and MLP write zeros.</summary>
    private static HookedTransformer IdentityBlocks()
    {
        BlockConfig block = new() { Mixer = new AttentionConfig { NHeads = 2, NKeyValueHeads = 2, DHead = 4, Scale = 0.5 }, Mlp = new PlainMlpConfig(10, Activation.Gelu, false) };
        var model = RandomModels.Make(new() { Architecture = "Identity", DModel = 12, DVocab = 23, NCtx = 16, Blocks = [block, block, block, block], Positions = new LearnedPositions() }, 5);
        foreach (var weight in model.Weights.Where(w => w.Name.EndsWith("attn.W_O", StringComparison.Ordinal) || w.Name.EndsWith("mlp.W_out", StringComparison.Ordinal)))
        {
            weight.Value.zero_();
        }

        return model;
    }
}
