using Fathom.Activations;
using Fathom.Attribution;
using Fathom.Models;
using Fathom.Tests.Conformance;
using Fathom.Tests.Fixtures;
using AttributionSlice = Fathom.Attribution.Slice;

namespace Fathom.Tests.Issues;

/// <summary>Faults of caches and decompositions that users met elsewhere.</summary>
public sealed class DecompositionFaultTests
{
    /// <summary>One for each way that blocks, norms, heads and logits differ.</summary>
    public static TheoryData<string> Sums =>
        ["gpt2", "gpt2-inner", "llama-gqa", "llama-linear-bias", "gemma", "gemma2", "gemma3", "granite", "phi", "bloom", "cohere", "falcon", "glm4", "starcoder2", "bitnet", "gpt-neox", "gptj", "opt", "stablelm", "olmo2", "nemotron", "deepseek-v2"];

    [Fact]
    public void A_cache_with_few_entries_can_be_made_and_methods_that_need_more_name_the_missing_points()
    {
        using var scope = torch.NewDisposeScope();
        using var model = Family.Load("gpt2");
        using var run = model.RunWithCache(Family.Ids("gpt2"), "blocks.*.hook_resid_post");

        Assert.Equal(model.Config.NLayers, run.Cache.Count);
        var error = Assert.Throws<DecompositionException>(() => run.Cache.DecomposeResid());
        Assert.Contains("hook_embed", error.Missing);
        Assert.Contains("blocks.1.hook_mlp_out", error.Missing);
        Assert.Contains("DecomposeResid reads", error.Message, StringComparison.Ordinal);
        Assert.Contains("Run again with a filter that includes them", error.Message, StringComparison.Ordinal);
        Assert.Contains("blocks.0.hook_resid_pre", Assert.Throws<DecompositionException>(() => run.Cache.LogitLens()).Missing);
        Assert.Contains("ln_final.hook_scale", Assert.Throws<DecompositionException>(() => run.Cache.StackHeadResults(applyLn: true)).Missing);
    }

    [Fact]
    public void Every_slice_of_batch_and_positions_normed_or_not_equals_a_slice_of_the_full_result()
    {
        using var scope = torch.NewDisposeScope();
        using var model = Family.Load("gemma2");
        using var whole = model.RunWithCache(Family.Ids("gemma2"));
        using var single = model.RunWithCache(Family.Ids("gemma2").narrow(0, 1, 1));
        (ActivationCache Cache, Func<Tensor, Tensor> Rows)[] batches = [(whole.Cache, x => x), (single.Cache.RemoveBatchDim(), x => x.select(1, 1)), (whole.Cache.SliceBatch(1..2), x => x.narrow(1, 1, 1))];
        AttributionSlice[] positions = [default, -1, 2..6, new[] { 0, 4, 8 }];
        var combinations = 0;
        foreach (var ((cache, rows), at) in batches.SelectMany(b => positions.Select(p => (b, p))))
        {
            foreach (var ln in new[] { false, true })
            {
                void Equal(Func<ActivationCache, AttributionSlice, ResidualRows> make)
                {
                    var full = rows(make(whole.Cache, default).Values);
                    Assert.True(Golden.Distance(at.Apply(full, cache.HasBatchDim ? 2 : 1), make(cache, at).Values) < 1e-5, $"{cache.HasBatchDim} {at} {ln}");
                }

                Equal((c, p) => c.AccumulatedResid(applyLn: ln, positions: p));
                Equal((c, p) => c.DecomposeResid(applyLn: ln, positions: p));
                Equal((c, p) => c.StackHeadResults(applyLn: ln, positions: p, inclRemainder: true));
                Equal((c, p) => c.StackNeuronResults(applyLn: ln, positions: p, neurons: 1..4));
                Equal((c, p) => c.GetFullResidDecomposition(applyLn: ln, positions: p));
                combinations++;
            }
        }

        Assert.Equal(24, combinations);
    }

    [Theory]
    [MemberData(nameof(Sums))]
    public void Rows_are_found_by_label_recomputed_from_it_and_sum_to_the_residual_stream(string family)
    {
        using var scope = torch.NewDisposeScope();
        using var model = Family.Load(family);
        using var run = model.RunWithCache(Family.Ids(family));
        var cache = run.Cache;
        var end = cache[model.Blocks[^1].HookResidPost.Name];
        var large = Math.Max(1, end.abs().max().item<float>());
        void Equal(Tensor want, Tensor got, string what) => Assert.True(Golden.Distance(want, got) <= 1e-5 * large * model.Config.NLayers, $"{family}: {what} is off by {Golden.Distance(want, got)}");

        var parts = cache.DecomposeResid();
        Equal(end, parts.Sum(), "the sum of sublayers");
        Equal(cache["blocks.0.hook_attn_out"], parts["0_attn_out"], "0_attn_out");
        Equal(cache["blocks.1.hook_resid_pre"], cache.DecomposeResid(layer: 1).Sum(), "the stream entering layer 1");

        var heads = cache.StackHeadResults(inclRemainder: true);
        Equal(end, heads.Sum(), "the sum of heads and remainder");
        var attention = model.Blocks[1].Attn!;
        if (attention.OutputNorm is null && model.Blocks[1].Ln1Post is null)
        {
            var one = cache["z", 1].select(2, 3).matmul(attention.WO.Value[3]).mul(model.Blocks[1].Config.ResidualMultiplier);
            Equal(one, heads["L1H3"], "L1H3");
        }

        if (model.Blocks.All(b => b.Mlp is Fathom.Components.Mlp or Fathom.Components.GatedMlp))
        {
            Equal(end, cache.GetFullResidDecomposition().Sum(), "the sum of heads, neurons, embeddings and biases");
        }

        Equal(end, cache.GetFullResidDecomposition(expandNeurons: false).Sum(), "the sum of heads, MLPs, embeddings and biases");
        Assert.Contains("L1H0", Assert.Throws<KeyNotFoundException>(() => heads["L1H"]).Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Sums))]
    public void What_rows_add_to_a_logit_sums_to_that_logit_without_folding_weights(string family)
    {
        using var scope = torch.NewDisposeScope();
        using var model = Family.Load(family);
        using var run = model.RunWithCache(Family.Ids(family));
        var logit = run.Logits.select(2, 7);
        logit = model.Config.LogitSoftCap is { } cap ? logit.div(cap).atanh().mul(cap) : logit;

        var direct = run.Cache.LogitAttrs(run.Cache.DecomposeResid(), 7).Sum().add(run.Cache.LogitOffset(7));
        var difference = run.Cache.LogitAttrs(run.Cache.StackHeadResults(inclRemainder: true), 7, 5).Sum().add(run.Cache.LogitOffset(7, 5));

        var other = run.Logits.select(2, 5);
        other = model.Config.LogitSoftCap is { } bound ? other.div(bound).atanh().mul(bound) : other;
        Assert.True(Golden.Distance(logit, direct) < 1e-4, $"{family}: {Golden.Distance(logit, direct)}");
        Assert.True(Golden.Distance(logit.sub(other), difference) < 1e-4, $"{family}: {Golden.Distance(logit.sub(other), difference)}");
    }

    [Theory]
    [MemberData(nameof(Family.All), MemberType = typeof(Family))]
    public void The_last_row_of_the_logit_lens_is_the_models_logits_without_folding_weights(string family)
    {
        using var scope = torch.NewDisposeScope();
        using var model = Family.Load(family);
        using var run = model.RunWithCache(Family.Ids(family));

        var lens = run.Cache.LogitLens();

        Assert.Equal(model.Config.NLayers + 1, lens.Count);
        Assert.True(Golden.Distance(run.Logits, lens["final_post"]) <= 1e-5 * Math.Max(1, run.Logits.abs().max().item<float>()), $"{family}: {Golden.Distance(run.Logits, lens["final_post"])}");
        Assert.True(Golden.Distance(lens["0_pre"], lens["final_post"]) > 1e-2);
    }

    [Fact]
    public void A_stream_that_is_no_sum_says_why()
    {
        using var scope = torch.NewDisposeScope();
        using var model = Family.Load("openai-gpt");
        using var run = model.RunWithCache(Family.Ids("openai-gpt"));

        Assert.Contains("a norm acts on the stream itself", Assert.Throws<DecompositionException>(() => run.Cache.DecomposeResid()).Message, StringComparison.Ordinal);
    }
}
