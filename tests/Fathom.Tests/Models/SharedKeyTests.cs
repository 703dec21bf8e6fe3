using Fathom.Models;
using Fathom.Patching;
using Fathom.Tests.Conformance;
using Axis = Fathom.Tensors.Axis;
using static Fathom.Tests.Conformance.Recorded;

namespace Fathom.Tests.Models;

/// <summary>Blocks that read the keys and values of an earlier one, and blocks that read a vector per token and layer.</summary>
public sealed class SharedKeyTests
{
    [Theory]
    [InlineData("gemma3n")]
    [InlineData("gemma4")]
    public void An_edit_of_lent_keys_reaches_the_block_that_reads_them(string family)
    {
        using var scope = torch.NewDisposeScope();
        using var model = Family.Load(family);
        var ids = Family.Ids(family);
        var reader = model.Blocks.First(b => b.Attn!.Config.KeysFrom is not null);
        var lender = model.Blocks[reader.Attn!.Config.KeysFrom!.Value].Attn!;
        var pattern = reader.Attn.HookPattern.Name;
        Recorded plain = new(model, ids);
        Tensor? seen = null;
        // What the lending block itself writes is held, so that the change can come by the keys only.
        model.Forward(ids, new()
        {
            Hooks =
            [
                (lender.HookK.Name, (k, _) => k.flip(-1)),
                (lender.HookZ.Name, (_, _) => plain[lender.HookZ.Name].clone()),
                (pattern, (p, _) =>
                {
                    seen = p.clone().DetachFromDisposeScope();
                    return null;
                }),
            ],
        });
        Assert.True(Distance(plain[pattern], seen!) > 1e-3);
        var error = Assert.Throws<InvalidOperationException>(() => reader.Attn.HookK);
        Assert.Contains($"reads the keys and values of block {reader.Attn.Config.KeysFrom}", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("gemma3n")]
    [InlineData("gemma4")]
    public void A_residual_stream_alone_is_refused_where_blocks_read_more(string family)
    {
        using var scope = torch.NewDisposeScope();
        using var model = Family.Load(family);
        var error = Assert.Throws<TokenInputException>(() => model.ForwardFrom(torch.zeros(1, 3, model.Config.DModel), 1));
        Assert.Contains("blocks.1.hook_resid_pre", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("gemma3n")]
    [InlineData("gemma4")]
    public void A_sweep_takes_whole_runs_and_says_so(string family)
    {
        using var scope = torch.NewDisposeScope();
        using var model = Family.Load(family);
        PatchingSweep sweep = new() { From = new[] { 4, 9, 11, 30 }, Into = new[] { 4, 8, 11, 30 }, Site = Site.ResidPre, Over = [Axis.Layer, Axis.Position], Metric = Metric.LogitDifference(5, 7) };
        var result = sweep.Run(model);
        Assert.Equal(SweepPath.Plain, result.Provenance.Path);
        var from = model.Forward(torch.tensor(new long[] { 4, 9, 11, 30 }));
        var expected = from[0, 3, 5].item<float>() - from[0, 3, 7].item<float>();
        // Before the first block, the exchanged embedding is not all that differs: the token's vectors per layer stay.
        Assert.NotEqual(expected, result.Values[1], 1e-3);
        Assert.True(result.Values.Distinct().Count() > 3);
    }

    [Fact]
    public void A_token_without_a_vector_per_layer_is_refused()
    {
        using var scope = torch.NewDisposeScope();
        using var whole = Family.Load("gemma4");
        var config = whole.Config with { PerLayerEmbedding = whole.Config.PerLayerEmbedding! with { Rows = 100 } };
        using HookedTransformer model = new(config);
        foreach (var weight in whole.Weights.Where(w => w.IsBound && w.Name != "ple_embed.W_E"))
        {
            model.Weight(weight.Name).Set(weight.Value);
        }

        model.Weight("ple_embed.W_E").Set(whole.Weight("ple_embed.W_E").Value.narrow(0, 0, 100));
        var error = Assert.ThrowsAny<ArgumentException>(() => model.Forward(torch.tensor(new long[,] { { 5, 101 } })));
        Assert.Contains("Token 101", error.Message, StringComparison.Ordinal);
    }
}
