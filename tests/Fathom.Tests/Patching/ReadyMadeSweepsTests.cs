using Fathom.Configuration;
using Fathom.Loading;
using Fathom.Loading.Checkpoints;
using Fathom.Models;
using Fathom.Patching;
using Fathom.Tests.Fixtures;

namespace Fathom.Tests.Patching;

public sealed class ReadyMadeSweepsTests
{
    [Theory]
    [InlineData("gpt2")]
    [InlineData("llama-gqa")]
    [InlineData("attn-only-2l")]
    public void Every_ready_made_sweep_equals_the_reference(string name)
    {
        using var scope = torch.NewDisposeScope();
        var folder = Fixture.Folder($"patching/{name}");
        using var model = Load(name);
        using var golden = Checkpoint.Open(Path.Combine(folder, "patching.safetensors"));
        Prompts clean = golden.Read("clean_ids");
        Prompts corrupted = golden.Read("corrupted_ids");
        TokenChoice[] Ids(string key) => [.. golden.Read(key).to(torch.int64).data<long>().ToArray().Select(i => (TokenChoice)(int)i)];
        var metric = Metric.LogitDifference(Ids("answers"), Ids("wrong"));
        SweepOptions all = new() { CheckCells = SweepOptions.AllCells };
        void Equal(string key, SweepResult result)
        {
            var want = golden.Read(key);
            Assert.Equal(want.shape.Select(i => (int)i), result.Shape);
            Assert.True(Names4L.Distance([.. want.to(torch.float64).contiguous().data<double>().ToArray()], result.Values) < 5e-5, key);
        }

        Equal("get_act_patch_resid_pre", model.GetActPatchResidPre(clean, corrupted, metric, all));
        Equal("get_act_patch_attn_out", model.GetActPatchAttnOut(clean, corrupted, metric));
        Equal("get_act_patch_attn_head_out_by_pos", model.GetActPatchAttnHeadOutByPos(clean, corrupted, metric));
        Equal("get_act_patch_attn_head_q_by_pos", model.GetActPatchAttnHeadQByPos(clean, corrupted, metric));
        Equal("get_act_patch_attn_head_k_by_pos", model.GetActPatchAttnHeadKByPos(clean, corrupted, metric));
        Equal("get_act_patch_attn_head_v_by_pos", model.GetActPatchAttnHeadVByPos(clean, corrupted, metric));
        Equal("get_act_patch_attn_head_pattern_by_pos", model.GetActPatchAttnHeadPatternByPos(clean, corrupted, metric));
        Equal("get_act_patch_attn_head_pattern_dest_src_pos", model.GetActPatchAttnHeadPatternDestSrcPos(clean, corrupted, metric));
        Equal("get_act_patch_attn_head_out_all_pos", model.GetActPatchAttnHeadOutAllPos(clean, corrupted, metric));
        Equal("get_act_patch_attn_head_q_all_pos", model.GetActPatchAttnHeadQAllPos(clean, corrupted, metric));
        Equal("get_act_patch_attn_head_k_all_pos", model.GetActPatchAttnHeadKAllPos(clean, corrupted, metric));
        Equal("get_act_patch_attn_head_v_all_pos", model.GetActPatchAttnHeadVAllPos(clean, corrupted, metric));
        Equal("get_act_patch_attn_head_pattern_all_pos", model.GetActPatchAttnHeadPatternAllPos(clean, corrupted, metric));

        Every("get_act_patch_attn_head_all_pos_every", model.GetActPatchAttnHeadAllPosEvery(clean, corrupted, metric));
        Every("get_act_patch_attn_head_by_pos_every", model.GetActPatchAttnHeadByPosEvery(clean, corrupted, metric));
        if (name == "attn-only-2l")
        {
            Assert.Contains("has no site 'resid_mid'", Assert.Throws<SweepInputException>(() => model.GetActPatchResidMid(clean, corrupted, metric)).Message, StringComparison.Ordinal);
            Assert.Contains("has no site 'mlp_out'", Assert.Throws<SweepInputException>(() => model.GetActPatchBlockEvery(clean, corrupted, metric)).Message, StringComparison.Ordinal);
            return;
        }

        Equal("get_act_patch_resid_mid", model.GetActPatchResidMid(clean, corrupted, metric, all));
        Equal("get_act_patch_mlp_out", model.GetActPatchMlpOut(clean, corrupted, metric));
        Every("get_act_patch_block_every", model.GetActPatchBlockEvery(clean, corrupted, metric));

        // The reference stacks the sweeps; it pads key-value heads with zeros and puts the pattern's head axis last.
        void Every(string key, IReadOnlyList<SweepResult> results)
        {
            var stacked = golden.Read(key).to(torch.float64);
            Assert.Equal(stacked.shape[0], results.Count);
            for (var i = 0; i < results.Count; i++)
            {
                var want = stacked.select(0, i);
                var heads = results[i].Axes.ToList().FindIndex(a => a.Name is "head" or "kv_head");
                if (heads >= 0 && heads < results[i].Axes.Count - 1)
                {
                    want = want.transpose(heads, want.dim() - 1);
                }

                want = heads >= 0 ? want.narrow(heads, 0, results[i].Shape[heads]) : want;
                Assert.True(Names4L.Distance([.. want.contiguous().data<double>().ToArray()], results[i].Values) < 5e-5, $"{key} {results[i].Sweep.What}");
            }
        }
    }

    internal static HookedTransformer Load(string name)
    {
        var folder = Fixture.Folder($"patching/{name}");
        return name == "attn-only-2l" ? AttentionOnly(folder) : HookedTransformer.FromPretrained(folder);
    }

    /// <summary>The reference's two-layer model without MLPs, its weights processed, in the field's names.</summary>
    private static HookedTransformer AttentionOnly(string folder)
    {
        LayerNormConfig norm = new(1e-5);
        BlockConfig block = new() { Ln1 = norm, Mixer = new AttentionConfig { NHeads = 4, NKeyValueHeads = 4, DHead = 12, Scale = 1 / Math.Sqrt(12), QkvBias = true, OutputBias = true } };
        HookedTransformer model = new(new() { Architecture = "AttnOnly", DModel = 48, DVocab = 113, NCtx = 64, Blocks = [block, block], Positions = new LearnedPositions(), FinalNorm = norm, UnembedBias = true });
        using var weights = Checkpoint.Open(Path.Combine(folder, "processed-weights.safetensors"));
        foreach (var weight in model.Weights.Where(w => weights.Tensors.ContainsKey(w.Name)))
        {
            weight.Set(weights.Read(weight.Name));
        }

        Assert.Equal(weights.Tensors.Count, model.Weights.Count(w => w.IsBound));
        return model;
    }

    [Fact]
    public void Grouped_queries_have_their_own_axis_of_key_value_heads()
    {
        using var model = HookedTransformer.FromPretrained(Fixture.Folder("patching/llama-gqa"));
        var every = model.GetActPatchAttnHeadAllPosEvery(new[] { 3, 4, 5 }, new[] { 3, 9, 5 }, Metric.Logit(7));
        Assert.Equal(["head", "head", "kv_head", "kv_head", "head"], every.Select(r => r.Axes[1].Name));
        Assert.Equal([4, 4, 2, 2, 4], every.Select(r => r.Shape[1]));
        Assert.Equal("KV1", every[2].Axes[1].Labels[1]);
    }
}
