using Fathom.Components;
using Fathom.Configuration;
using Fathom.Hooks;
using Fathom.Models;
using Fathom.Tests.Conformance;
using static Fathom.Tests.Conformance.Recorded;

namespace Fathom.Tests.Issues;

/// <summary>Faults of positions and attention that users met elsewhere.</summary>
public sealed class PositionFaultTests
{
    [Theory]
    [InlineData(8)]
    [InlineData(32)]
    public void Llama3_scaling_follows_this_configs_numbers_in_its_three_regions(double factor)
    {
        RotaryConfig plain = new() { Dim = 64, Theta = 500000 };
        var (before, _) = RotaryFrequencies.Of(plain, 16);
        var (after, _) = RotaryFrequencies.Of(plain with { Scaling = new Llama3Scaling(factor, 1, 4, 8192) }, 16);
        Assert.Equal(before[0], after[0]);
        Assert.Equal(before[31] / factor, after[31], 1e-15);
        var middle = Array.FindIndex(before, f => 2 * Math.PI / f is > 8192 / 4.0 and < 8192 / 1.0);
        var smooth = ((8192 * before[middle] / (2 * Math.PI)) - 1) / 3;
        Assert.Equal(((1 - smooth) * before[middle] / factor) + (smooth * before[middle]), after[middle], 1e-15);
    }

    [Theory]
    [InlineData("gemma3")]
    [InlineData("olmo3")]
    public void Scaling_of_global_layers_leaves_local_ones_alone(string family)
    {
        using var scope = torch.NewDisposeScope();
        using var model = Family.Load(family);
        var scaled = model.Config with { Blocks = [.. model.Config.Blocks.Select(b => b.Mixer is AttentionConfig { Window: null, Rotary: { } r } a ? b with { Mixer = a with { Rotary = r with { Scaling = new LinearScaling(8) } } } : b)] };
        using HookedTransformer other = new(scaled);
        foreach (var weight in model.Weights.Where(w => w.IsBound))
        {
            other.Weight(weight.Name).Set(weight.Value);
        }

        var ids = Family.Ids(family);
        Recorded one = new(model, ids), two = new(other, ids);
        var firstFull = model.Config.Blocks.ToList().FindIndex(b => b.Mixer is AttentionConfig { Window: null });
        for (var layer = 0; layer < firstFull; layer++)
        {
            Assert.True(one[$"blocks.{layer}.attn.hook_rot_q"].Equals(two[$"blocks.{layer}.attn.hook_rot_q"]));
        }

        Assert.True(Distance(one[$"blocks.{firstFull}.attn.hook_rot_q"], two[$"blocks.{firstFull}.attn.hook_rot_q"]) > 1e-3);
    }

    [Theory]
    [InlineData("llama")]
    [InlineData("cohere")]
    [InlineData("phi")]
    [InlineData("glm")]
    public void Scores_depend_on_distance_only_and_lanes_outside_the_rotary_part_stay(string family)
    {
        using var scope = torch.NewDisposeScope();
        using var model = Family.Load(family);
        var ids = Family.Ids(family);
        var positions = torch.arange(ids.shape[1]).unsqueeze(0);
        Recorded here = new(model, ids, new() { PositionIds = positions }), there = new(model, ids, new() { PositionIds = positions + 7 });
        Assert.True(Distance(here["blocks.0.attn.hook_attn_scores"], there["blocks.0.attn.hook_attn_scores"]) < 1e-4);
        Assert.True(Distance(here["blocks.0.attn.hook_rot_q"], there["blocks.0.attn.hook_rot_q"]) > 1e-2);
        var config = (AttentionConfig)model.Config.Blocks[0].Mixer;
        var rest = config.DHead - config.Rotary!.Dim;
        if (rest > 0)
        {
            Assert.True(here["blocks.0.attn.hook_q"].narrow(-1, config.Rotary.Dim, rest).Equals(there["blocks.0.attn.hook_rot_q"].narrow(-1, config.Rotary.Dim, rest)));
        }
    }

    [Theory]
    [InlineData("mistral")]
    [InlineData("gemma2")]
    [InlineData("gemma3")]
    [InlineData("cohere2")]
    [InlineData("exaone4")]
    [InlineData("olmo3")]
    [InlineData("qwen2-sliding")]
    [InlineData("starcoder2")]
    public void A_window_of_W_lets_a_query_see_W_keys_on_the_layers_that_slide_and_all_on_the_others(string family)
    {
        using var scope = torch.NewDisposeScope();
        using var model = Family.Load(family);
        Recorded run = new(model, Family.Ids(family));
        for (var layer = 0; layer < model.Config.NLayers; layer++)
        {
            var seen = run[$"blocks.{layer}.attn.hook_attn_scores"].isinf().logical_not().sum(-1).amin([0, 1]).data<long>().ToArray();
            var window = ((AttentionConfig)model.Config.Blocks[layer].Mixer).Window ?? int.MaxValue;
            Assert.Equal(Enumerable.Range(0, seen.Length).Select(i => (long)Math.Min(i + 1, window)), seen);
        }
    }

    [Fact]
    public void The_scale_of_scores_is_the_configs()
    {
        using var scope = torch.NewDisposeScope();
        using var model = Family.Load("gemma3");
        var run = new Recorded(model, Family.Ids("gemma3"));
        var (q, k) = (run["blocks.0.attn.hook_rot_q"], run["blocks.0.attn.hook_rot_k"]);
        var scores = torch.einsum("bqhd,bkd->bhqk", q, k.squeeze(2)) / Math.Sqrt(24);
        var want = run["blocks.0.attn.hook_attn_scores"];
        Assert.True(Distance(torch.where(want.isinf(), want, scores), want) < 1e-5);
    }

    [Fact]
    public void Rotary_angles_hold_at_position_2047()
    {
        using var scope = torch.NewDisposeScope();
        RotaryConfig config = new() { Dim = 8, Theta = 10000 };
        using Pass pass = new([new Segment(1, 1, NoPrefix.Instance, positions: torch.full([1, 1], 2047, torch.int64))], ActiveHooks.None);
        var turned = new Rotary(config).Apply(torch.tensor(new float[] { 1, 1, 1, 1, 0, 0, 0, 0 }).view(1, 1, 8), pass).view(-1).data<float>().ToArray();
        for (var j = 0; j < 4; j++)
        {
            var angle = 2047 * Math.Pow(10000, -2.0 * j / 8);
            Assert.Equal(Math.Cos(angle), turned[j], 1e-6);
            Assert.Equal(Math.Sin(angle), turned[4 + j], 1e-6);
        }
    }
}
