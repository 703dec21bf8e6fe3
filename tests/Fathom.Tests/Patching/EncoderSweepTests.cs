using Fathom.Models;
using Fathom.Patching;
using Fathom.Tests.Conformance;
using Axis = Fathom.Tensors.Axis;

namespace Fathom.Tests.Patching;

/// <summary>Sweeps over encoders: whole runs, read at the masked token.</summary>
public sealed class EncoderSweepTests
{
    private const int Mask = 4;

    private static readonly int[] Into = [5, 9, 11, Mask, 13, 6];

    private static readonly int[] From = [5, 10, 11, Mask, 21, 6];

    public static TheoryData<string> Families => [.. Family.Encoders];

    [Theory]
    [MemberData(nameof(Families))]
    public void A_cell_is_a_run_with_its_activation_replaced_read_at_the_masked_token(string family)
    {
        using var scope = torch.NewDisposeScope();
        using var model = Load(family);
        if (model.Unembed is not { WU.IsBound: true })
        {
            Assert.Contains("has no head that predicts words", Assert.Throws<SweepInputException>(() => Residual.Run(model)).Message, StringComparison.Ordinal);
            return;
        }

        var result = (Residual with { MoreMetrics = [Metric.KullbackLeibler, Metric.LogProbability(7), Metric.Of("spread", "nats", l => l.std().ToDouble())] }).Run(model);
        var layers = model.Config.NLayers;
        Assert.Equal([layers, 6], result.Shape);
        Assert.Equal((SweepPath.Plain, 12 * layers * layers * 3L), (result.Provenance.Path, result.Work.AttentionRows));
        Assert.Equal(result.Work, Residual.Explain(model).Work);
        var donor = model.Forward(Ids(From), new() { StopAtLayer = 1 });
        for (var position = 0; position < 6; position++)
        {
            var logits = model.Forward(Ids(Into), new() { Hooks = [($"blocks.1.hook_resid_pre", (stream, _) => Patched(stream, donor, position))] });
            var read = logits[0, 3];
            Assert.Equal((read[7] - read[8]).ToDouble(), result.Metrics[0].Examples[0][result.CellAt(1, position)], 1e-4);
            Assert.Equal(read.log_softmax(-1)[7].ToDouble(), result.Metrics[2].Examples[0][result.CellAt(1, position)], 1e-4);
            Assert.Equal(logits[0].std().ToDouble(), result.Metrics[3].Examples[0][result.CellAt(1, position)], 1e-4);
        }
    }

    [Theory]
    [MemberData(nameof(Families))]
    public void Every_place_of_an_encoder_can_be_swept_and_what_is_not_read_moves_nothing(string family)
    {
        using var model = Load(family);
        if (model.Unembed is not { WU.IsBound: true })
        {
            return;
        }

        foreach (var site in Site.All.Where(s => Has(model, s)))
        {
            var point = site.In(model)[0].Point;
            Axis[] over = [Axis.Layer, .. new[] { Axis.Head, Axis.Position }.Where(a => point.Axes.IndexOf(a) > 0)];
            var result = (Residual with { Site = site, Over = over }).Run(model);
            Assert.Equal(0, result.Metrics[0].NotNumbers);
            Assert.False(result.NothingMoved && site.Name is "resid_pre" or "z" or "mlp_out", $"{family}: {site} moved nothing");
        }

        // What leaves the last block at the masked token is all that is read.
        var last = (Residual with { Site = Site.ResidPost, Layers = [-1] }).Run(model);
        for (var position = 0; position < 6; position++)
        {
            Assert.Equal(position == 3 ? last.Metrics[0].Corrupted[0] : last.Metrics[0].Clean[0], last.Values[position], 1e-4);
        }
    }

    [Fact]
    public void Pairs_of_patches_exchanges_and_batches_run_on_encoders()
    {
        using var model = Load("bert");
        PairSweep pairs = new() { From = From, Into = Into, First = Places.Of(Site.MlpOut, Axis.Layer), Second = Places.Of(Site.AttnOut, Axis.Layer), Metric = Residual.Metric };
        Assert.Contains(pairs.Run(model).Values, v => Math.Abs(v) > 1e-6);
        Assert.False((Residual with { From = Into, Over = [Axis.Layer], Replacement = Replacement.Exchange(1, 2) }).Run(model).NothingMoved);
        var batch = (Residual with { From = new[] { From, [5, 8, 11, Mask] }, Into = new[] { Into, [5, 9, 12, Mask] }, Over = [Axis.Layer] }).Run(model);
        Assert.Equal((Residual with { Over = [Axis.Layer] }).Run(model).Values[1], batch.Metrics[0].Examples[0][1], 1e-5);
    }

    [Fact]
    public void A_sweep_that_has_no_masked_token_to_read_or_asks_what_comes_next_is_refused()
    {
        using var model = Load("bert");
        string Message(Sweep sweep) => Assert.Throws<SweepInputException>(() => sweep.Run(model)).Message;
        Assert.Contains("read at the masked token, and pair 0 has it at no position in From and position 3 in Into. Mask one token, at the same position of both", Message(Residual with { From = new[] { 5, 10, 11, 12, 21, 6 } }), StringComparison.Ordinal);
        Assert.Contains("at position 2 in From and positions 3, 4 in Into", Message(Residual with { From = new[] { 5, 10, Mask, 12, 21, 6 }, Into = new[] { 5, 9, 11, Mask, Mask, 6 } }), StringComparison.Ordinal);
        Assert.Contains("'loss' scores what a decoder says next", Message(Residual with { Metric = Metric.Loss }), StringComparison.Ordinal);
        Assert.Contains("is an encoder, and paths are followed in decoders", Message(new PathSweep { From = From, Into = Into, Senders = Places.Of(Site.Z, Axis.Layer), Readers = Readers.Logits, Metric = Residual.Metric }), StringComparison.Ordinal);
        model.SpecialTokens = model.SpecialTokens with { Mask = null };
        Assert.Contains("SpecialTokens with { Mask = id }", Message(Residual), StringComparison.Ordinal);
    }

    private static PatchingSweep Residual { get; } = new() { From = From, Into = Into, Site = Site.ResidPre, Over = [Axis.Layer, Axis.Position], Metric = Metric.LogitDifference(7, 8) };

    private static HookedEncoder Load(string family)
    {
        var model = Family.LoadEncoder(family);
        model.SpecialTokens = model.SpecialTokens with { Mask = Mask };
        return model;
    }

    private static bool Has(HookedEncoder model, Site site)
    {
        try
        {
            return site.In(model).Count > 0;
        }
        catch (SweepInputException)
        {
            return false;
        }
    }

    private static Tensor Ids(int[] ids) => torch.tensor([.. ids.Select(i => (long)i)], torch.int64).unsqueeze(0);

    private static Tensor Patched(Tensor stream, Tensor donor, int position)
    {
        var changed = stream.clone();
        changed.narrow(1, position, 1).copy_(donor.narrow(1, position, 1));
        return changed;
    }
}
