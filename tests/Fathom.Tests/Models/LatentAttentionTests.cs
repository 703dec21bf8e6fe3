using Fathom.Hooks;
using Fathom.Models;
using Fathom.Patching;
using Fathom.Tests.Conformance;
using static Fathom.Tests.Conformance.Recorded;
using Axis = Fathom.Tensors.Axis;

namespace Fathom.Tests.Models;

/// <summary>The parts of multi-head latent attention, in the full run, on a cache and in windows.</summary>
public sealed class LatentAttentionTests
{
    public static TheoryData<string> Families => ["deepseek-v2-lite", "deepseek-v2", "deepseek-v3", "deepseek-v3-yarn"];

    [Theory]
    [MemberData(nameof(Families))]
    public void Keys_values_and_scores_follow_from_the_compressed_vectors(string family)
    {
        using var scope = torch.NewDisposeScope();
        using var model = Family.Load(family);
        Recorded run = new(model, Family.Ids(family));
        var attention = model.Blocks[1].Attn!;
        var (latent, config) = (attention.Latent!, attention.Config);
        var compressed = run[latent.HookKvLatent.Name];
        var still = torch.einsum("bpc,hcd->bphd", compressed, latent.WUK.Value);
        var turning = run[latent.HookKRope.Name].unsqueeze(2).expand(-1, -1, config.NHeads, -1);
        Assert.True(Distance(torch.cat([still, turning], -1), run[attention.HookK.Name]) < 1e-4);
        Assert.True(Distance(torch.einsum("bpc,hcd->bphd", compressed, latent.WUV.Value), run[attention.HookV.Name]) < 1e-4);
        if (latent.HookQLatent is { } queries)
        {
            Assert.True(Distance(torch.einsum("bpc,hcd->bphd", run[queries.Name], latent.WUQ!.Value), run[attention.HookQ.Name]) < 1e-4);
        }

        // Only the last lanes turn.
        var width = config.DHead - config.Latent!.DRope;
        Assert.True(run[attention.HookQ.Name].narrow(-1, 0, width).Equals(run[attention.HookRotQ!.Name].narrow(-1, 0, width)));
        Assert.True(Distance(run[attention.HookQ.Name], run[attention.HookRotQ.Name]) > 1e-3);
        var scores = run[attention.HookAttnScores.Name];
        var products = torch.einsum("bqhd,bkhd->bhqk", run[attention.HookRotQ.Name], run[attention.HookRotK!.Name]) * config.Scale;
        Assert.True(Distance(torch.where(scores.isinf(), scores, products), scores) < 1e-4);
        Assert.True(Distance(torch.einsum("bhqk,bkhd->bqhd", run[attention.HookPattern.Name], run[attention.HookV.Name]), run[attention.HookZ.Name]) < 1e-4);
        Assert.Contains("Latent", Assert.Throws<InvalidOperationException>(() => attention.WK).Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Families))]
    public void An_edit_of_the_compressed_vector_lasts_on_a_cache(string family)
    {
        using var scope = torch.NewDisposeScope();
        using var model = Family.Load(family);
        var ids = Family.Ids(family);
        var name = model.Blocks[0].Attn!.Latent!.HookKvLatent.Name;
        HookFunction edit = (x, _) =>
        {
            var edited = x.clone();
            edited.select(1, 2).mul_(-1);
            return edited;
        };
        var whole = model.Forward(ids, new() { Hooks = [(name, edit)] });
        Assert.True(Distance(whole, model.Forward(ids)) > 1e-3);
        using KeyValueCache cache = new();
        model.Forward(ids.narrow(1, 0, 5), new() { Cache = cache, Hooks = [(name, edit)] });
        var rest = model.Forward(ids.narrow(1, 5, ids.shape[1] - 5), new() { Cache = cache });
        Assert.True(Distance(whole.narrow(1, 5, rest.shape[1]), rest) < 1e-4);
    }

    [Theory]
    [InlineData("deepseek-v2", "hook_q_latent")]
    [InlineData("deepseek-v2", "hook_kv_latent")]
    [InlineData("deepseek-v3-yarn", "hook_kv_latent")]
    [InlineData("deepseek-v3-yarn", "hook_k_rope")]
    [InlineData("deepseek-v3", "hook_k")]
    [InlineData("deepseek-v3", "hook_v")]
    public void A_sweep_over_a_part_by_windows_equals_whole_runs(string family, string point)
    {
        using var scope = torch.NewDisposeScope();
        using var model = Family.Load(family);
        PatchingSweep sweep = new()
        {
            From = new[] { 4, 9, 11, 30, 17, 3 },
            Into = new[] { 4, 8, 11, 30, 16, 3 },
            Site = Site.Named($"blocks.{{i}}.attn.{point}"),
            Over = [Axis.Layer, Axis.Position],
            Metric = Metric.LogitDifference(5, 7),
        };
        var engine = sweep.Run(model);
        var plain = sweep.Run(model, new() { Path = SweepPath.Plain });
        Assert.Equal(SweepPath.Engine, engine.Provenance.Path);
        Assert.All(plain.Values.Zip(engine.Values), v => Assert.Equal(v.First, v.Second, 1e-4));
        Assert.True(plain.Values.Max() - plain.Values.Min() > 1e-3);
    }
}
