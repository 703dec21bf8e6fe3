using Fathom.Components;
using Fathom.Models;
using Fathom.Tests.Conformance;
using static Fathom.Tests.Conformance.Recorded;

namespace Fathom.Tests.Models;

/// <summary>Keys and values of grouped queries, one for each query head.</summary>
public sealed class PerQueryHeadTests
{
    [Theory]
    [InlineData("llama-6-2")]
    [InlineData("qwen3-6-3")]
    [InlineData("gemma2-6-3")]
    [InlineData("falcon-8-2")]
    [InlineData("gemma4")]
    public void Keys_and_values_are_those_of_the_group_and_logits_stay(string family)
    {
        using var scope = torch.NewDisposeScope();
        using var model = Family.Load(family);
        var ids = Family.Ids(family);
        Recorded plain = new(model, ids), apart = new(model, ids, new() { PerQueryHead = true });
        Assert.True(Distance(plain.Logits, apart.Logits) < 5e-5);
        var config = model.Blocks[0].Attn!.Config;
        var group = config.NHeads / config.NKeyValueHeads;
        Assert.True(group > 1);
        foreach (var name in new[] { "blocks.0.attn.hook_k", "blocks.0.attn.hook_v", "blocks.0.attn.hook_rot_k" })
        {
            Assert.Equal(config.NHeads, apart[name].shape[2]);
            Assert.True(apart[name].Equals(plain[name].repeat_interleave(group, 2)), name);
        }
    }

    [Fact]
    public void An_edit_of_one_query_heads_values_leaves_its_neighbours_alone()
    {
        using var scope = torch.NewDisposeScope();
        using var model = Family.Load("llama-6-2");
        var ids = Family.Ids("llama-6-2");
        var attention = model.Blocks[0].Attn!;
        var plain = new Recorded(model, ids)[attention.HookZ.Name];
        Tensor? seen = null;
        model.Forward(ids, new()
        {
            PerQueryHead = true,
            Hooks =
            [
                (attention.HookV.Name, (v, _) =>
                {
                    var edited = v.clone();
                    edited.select(2, 1).zero_();
                    return edited;
                }),
                (attention.HookZ.Name, (z, _) =>
                {
                    seen = z.clone().DetachFromDisposeScope();
                    return null;
                }),
            ],
        });
        Assert.Equal(0, seen!.select(2, 1).abs().max().item<float>());
        foreach (var head in new[] { 0, 2, 3, 4, 5 })
        {
            Assert.True(Distance(plain.select(2, head), seen.select(2, head)) < 1e-5);
        }
    }

    [Fact]
    public void A_cache_and_a_gain_per_key_head_are_refused()
    {
        using var scope = torch.NewDisposeScope();
        using var model = Family.Load("llama-6-2");
        using KeyValueCache cache = new();
        var error = Assert.Throws<TokenInputException>(() => model.Forward(Family.Ids("llama-6-2"), new() { PerQueryHead = true, Cache = cache }));
        Assert.Contains("for each key-value head", error.Message, StringComparison.Ordinal);

        using var cohere = Family.Load("cohere");
        var config = cohere.Blocks[0].Attn!.Config;
        Assert.True(config.NHeads > config.NKeyValueHeads && config.QueryKeyNorm is not null);
        Assert.Contains("gain for each of", Assert.Throws<InvalidOperationException>(() => cohere.Forward(Family.Ids("cohere"), new() { PerQueryHead = true })).Message, StringComparison.Ordinal);
    }
}
