using Fathom.Activations;
using Fathom.Configuration;
using Fathom.Hooks;
using Fathom.Models;
using static Fathom.Tests.Conformance.Recorded;

namespace Fathom.Tests.Conformance;

/// <summary>What holds in every encoder and in no decoder.</summary>
public sealed class EncoderTests
{
    public static TheoryData<string> Encoders => [.. Family.Encoders];

    [Theory]
    [MemberData(nameof(Encoders))]
    public void Padding_on_either_side_or_within_changes_no_logit_of_a_real_token(string family)
    {
        using var scope = torch.NewDisposeScope();
        using var model = Family.LoadEncoder(family);
        var ids = Family.Ids(family);
        var plain = model.Forward(ids);
        Tensor Pads(long count) => torch.full([ids.shape[0], count], 3, torch.int64);
        Tensor Mask(long count, bool real) => torch.full([ids.shape[0], count], real ? 1 : 0, torch.int64);
        foreach (var (left, right) in new[] { (0, 4), (3, 0), (2, 5) })
        {
            var padded = torch.cat([Pads(left), ids, Pads(right)], 1);
            var mask = torch.cat([Mask(left, false), Mask(ids.shape[1], true), Mask(right, false)], 1);
            var difference = Distance(plain, model.Forward(padded, new() { AttentionMask = mask }).narrow(1, left, ids.shape[1]));
            Assert.True(difference <= 1e-4, $"{family}: {left} pads at the left and {right} at the right moved a logit by {difference:G3}");
        }
    }

    [Theory]
    [MemberData(nameof(Encoders))]
    public void Changing_ids_under_the_mask_changes_nothing(string family)
    {
        using var scope = torch.NewDisposeScope();
        using var model = Family.LoadEncoder(family);
        var ids = Family.Ids(family);
        var mask = torch.ones_like(ids);
        mask.narrow(1, 4, 2).zero_();
        var other = ids.clone();
        other.narrow(1, 4, 2).copy_((ids.narrow(1, 4, 2) + 9) % model.Config.DVocab);
        var (a, b) = (model.Forward(ids, new() { AttentionMask = mask }), model.Forward(other, new() { AttentionMask = mask }));
        Assert.True(Distance(a.narrow(1, 0, 4), b.narrow(1, 0, 4)) == 0 && Distance(a.narrow(1, 6, 5), b.narrow(1, 6, 5)) == 0, $"{family}: ids under the mask are read");
    }

    [Theory]
    [MemberData(nameof(Encoders))]
    public void A_query_sees_both_sides_and_exactly_its_window(string family)
    {
        using var scope = torch.NewDisposeScope();
        using var model = Family.LoadEncoder(family);
        Recorded run = new(model, Family.Ids(family));
        foreach (var attention in model.Blocks.Select(b => b.Attn!))
        {
            var pattern = run[attention.HookPattern.Name];
            var (length, half) = (pattern.shape[2], attention.Config.Window / 2 ?? int.MaxValue);
            var key = torch.arange(length).unsqueeze(0);
            var inside = (key - key.transpose(0, 1)).abs().le(half);
            Assert.True(pattern.gt(0).eq(inside).all().item<bool>(), $"{family}: {attention.HookPattern.Name} is not two-sided{(half < length ? $" within {half}" : "")}");
        }
    }

    [Theory]
    [MemberData(nameof(Encoders))]
    public void Stopping_at_a_layer_and_going_on_from_it_gives_the_same_logits(string family)
    {
        using var scope = torch.NewDisposeScope();
        using var model = Family.LoadEncoder(family);
        var ids = Family.Ids(family);
        Recorded run = new(model, ids);
        for (var layer = 0; layer < model.Config.NLayers; layer++)
        {
            var entering = model.Forward(ids, new() { StopAtLayer = layer });
            Assert.True(Distance(run[model.Blocks[layer].HookResidPre.Name], entering) <= 1e-5, $"{family}: layer {layer}");
            Assert.True(Distance(run.Logits, model.ForwardFrom(entering, layer)) <= 1e-4, $"{family}: from layer {layer}");
        }
    }

    [Theory]
    [MemberData(nameof(Encoders))]
    public void Points_fire_in_the_order_in_which_a_cache_lists_them_and_unknown_names_are_refused(string family)
    {
        using var scope = torch.NewDisposeScope();
        using var model = Family.LoadEncoder(family);
        var ids = Family.Ids(family);
        List<string> fired = [];
        model.Forward(ids, new() { Hooks = [(NameFilter.All, (_, point) =>
        {
            fired.Add(point.Name);
            return null;
        })] });
        using var run = model.RunWithCache(ids);
        Assert.Equal(fired, run.Cache.Names);
        Assert.Equal(model.HookPoints.Where(p => !p.IsOptional).Select(p => p.Name).Order(StringComparer.Ordinal), fired.Order(StringComparer.Ordinal));
        Assert.Contains("hook_resid_pre", Assert.Throws<UnknownHookException>(() => model.RunWithCache(ids, "blocks.0.hook_resid_pr")).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("modernbert")]
    [InlineData("deberta-v2")]
    public void A_long_text_gives_the_same_logits_on_the_fused_kernel_and_with_every_score_observed(string family)
    {
        using var scope = torch.NewDisposeScope();
        using var model = Family.LoadEncoder(family);
        var ids = torch.arange(600).remainder(model.Config.DVocab).unsqueeze(0);
        var watched = model.Forward(ids, new() { Hooks = [("blocks.*.attn.hook_attn_scores", (x, _) => x.clone())] });
        Assert.True(Distance(model.Forward(ids), watched) <= 1e-4, family);
    }

    [Theory]
    [MemberData(nameof(Encoders))]
    public void A_cache_of_keys_and_values_is_refused(string family)
    {
        using var scope = torch.NewDisposeScope();
        using var model = Family.LoadEncoder(family);
        using KeyValueCache cache = new();
        var error = Assert.Throws<TokenInputException>(() => model.Forward(Family.Ids(family), new() { Cache = cache }));
        Assert.Contains("reads the whole text at once", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Encoders))]
    public void Token_types_are_used_where_they_exist_and_checked(string family)
    {
        using var scope = torch.NewDisposeScope();
        using var model = Family.LoadEncoder(family);
        var ids = Family.Ids(family);
        var types = torch.zeros_like(ids);
        if (model.Config.TokenTypes is not { } known)
        {
            Assert.Contains("has no token types", Assert.Throws<TokenInputException>(() => model.Forward(ids, new() { TokenTypes = types })).Message, StringComparison.Ordinal);
            return;
        }

        Assert.Equal(0, Distance(model.Forward(ids), model.Forward(ids, new() { TokenTypes = types })));
        Assert.Contains($"Token type {known} does not exist", Assert.Throws<TokenInputException>(() => model.Forward(ids, new() { TokenTypes = types + known })).Message, StringComparison.Ordinal);
        Assert.Contains("one whole number per token", Assert.Throws<TokenInputException>(() => model.Forward(ids, new() { TokenTypes = types.narrow(1, 0, 3) })).Message, StringComparison.Ordinal);
    }
}
