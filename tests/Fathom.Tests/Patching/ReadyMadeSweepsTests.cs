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
    public void Every_ready_made_sweep_equals_the_reference(string name)
    {
        using var scope = torch.NewDisposeScope();
        var folder = Fixture.Folder($"patching/{name}");
        using var model = HookedTransformer.FromPretrained(folder);
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
        Equal("get_act_patch_resid_mid", model.GetActPatchResidMid(clean, corrupted, metric, all));
        Equal("get_act_patch_attn_out", model.GetActPatchAttnOut(clean, corrupted, metric));
        Equal("get_act_patch_mlp_out", model.GetActPatchMlpOut(clean, corrupted, metric));
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

        var every = model.GetActPatchBlockEvery(clean, corrupted, metric);
        var wanted = golden.Read("get_act_patch_block_every").to(torch.float64);
        for (var i = 0; i < 3; i++)
        {
            Assert.True(Names4L.Distance([.. wanted.select(0, i).contiguous().data<double>().ToArray()], every[i].Values) < 5e-5);
        }
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
