using System.Text.Json;

namespace Fathom.Cli.Tests;

public sealed class PatchOptionsTests : IDisposable
{
    private const string Hart = "Her name was Alex Hart. When Alex";
    private const string Carroll = "Her name was Alex Carroll. When Alex";
    private static readonly string[] Notebook = ["patch", "--from", Carroll, "--into", Hart, "--answer", " Hart", "--distractor", " Carroll"];

    private readonly string _folder = Directory.CreateTempSubdirectory("fathom-patch-options-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Explain_prints_the_plan_against_a_loop_and_runs_nothing()
    {
        var text = Run("--explain").Output;
        Assert.Contains("45, of which 31 cannot differ from the unpatched run", text, StringComparison.Ordinal);
        Assert.Contains("a loop: 1,620 through each", text, StringComparison.Ordinal);
        Assert.Contains("times as much)", text, StringComparison.Ordinal);
        var json = Run("--explain", "--json").Json();
        var work = Run("--json").Json().GetProperty("work");
        Assert.Equal("fathom.patch_plan/1", json.GetProperty("schema").GetString());
        foreach (var rows in new[] { "attention_rows", "mlp_rows", "loop_rows", "skipped" })
        {
            Assert.Equal(work.GetProperty(rows).GetInt64(), json.GetProperty(rows).GetInt64());
        }
    }

    [Fact]
    public void Every_cell_can_be_checked_in_a_small_budget_and_resumed()
    {
        var file = Path.Combine(_folder, "sweep.resume");
        var json = Run("--json", "--check", "all", "--memory", "64MiB", "--resume", file).Json();
        Assert.Equal(45, json.GetProperty("checks").GetProperty("checked_cells").GetInt32());
        Assert.InRange(json.GetProperty("checks").GetProperty("max_difference").GetDouble(), 0, 1e-4);
        Assert.False(File.Exists(file));
        Assert.Equal(JsonValueKind.Null, Run("--json", "--check", "0").Json().GetProperty("checks").GetProperty("max_difference").ValueKind);
    }

    [Fact]
    public void Sixteen_bits_are_named_with_their_distance_and_plain_runs_are_plain()
    {
        var bf16 = Run("--json", "--precision", "bf16", "--check", "all").Json();
        Assert.InRange(bf16.GetProperty("checks").GetProperty("max_difference").GetDouble(), 1e-6, 2);
        var plain = Run("--json", "--plain", "--site", "z", "--over", "head", "--layers", "1").Json();
        Assert.Equal("plain", plain.GetProperty("work").GetProperty("path").GetString());
        Assert.Equal("bfloat16", bf16.GetProperty("checks").GetProperty("precision").GetString());
    }

    [Fact]
    public void Several_metrics_come_from_one_run()
    {
        var json = Run("--json", "--metric", "logit_difference", "--metric", "kl", "--metric", "loss").Json();
        Assert.Equal(["logit(' Hart') - logit(' Carroll')", "KL(clean || patched)", "loss"], json.GetProperty("metrics").EnumerateArray().Select(m => m.GetProperty("name").GetString()!));
        var heading = Run("--metric", "logit_difference", "--metric", "loss").Output.Split('\n')[0];
        Assert.Equal("layer\tlayer_label\tpos\tpos_label\tvalue\teffect\tloss\tloss_effect", heading);
    }

    [Fact]
    public void Several_pairs_have_statistics()
    {
        string[] line = ["patch", "--from", Carroll, "--from", "Her name was Sarah Hart. When Alex", "--into", Hart, "--answer", " Hart", "--distractor", " Carroll", "--site", "z", "--over", "layer,head"];
        Assert.EndsWith("value\teffect\tstandard_error\tlow\thigh\tp_value", CliRun.Of(line).Output.Split('\n')[0], StringComparison.Ordinal);
        var statistics = CliRun.Of([.. line, "--json"]).Json().GetProperty("metrics")[0].GetProperty("statistics");
        Assert.Equal(["effect", "standard_error", "low", "high", "p_value"], statistics.EnumerateObject().Select(m => m.Name));
        Assert.InRange(statistics.GetProperty("p_value")[1][1].GetDouble(), 0.5, 1);
        Assert.InRange(CliRun.Of([.. line, "--replacement", "resample", "--json"]).Json().GetProperty("values")[1][1].GetDouble(), -30, 30);
    }

    [Fact]
    public void Ready_made_sweeps_go_by_their_names()
    {
        string[] line = ["patch", "--from", Hart, "--into", Carroll, "--answer", " Hart", "--distractor", " Carroll", "--ready-made"];
        var one = CliRun.Of([.. line, "get_act_patch_attn_head_pattern_by_pos", "--json"]).Json();
        Assert.Equal(["layer", "head", "query_pos"], one.GetProperty("axes").EnumerateArray().Select(a => a.GetProperty("name").GetString()!));
        Assert.Equal("denoising", one.GetProperty("sweep").GetProperty("direction").GetString());
        var every = CliRun.Of([.. line, "attn_head_all_pos_every", "--json", "-o", Path.Combine(_folder, "heads.svg")]).Json().GetProperty("results");
        Assert.Equal(["z", "q", "k", "v", "pattern"], every.EnumerateArray().Select(r => r.GetProperty("sweep").GetProperty("site").GetString()!));
        Assert.Equal(["heads.k.svg", "heads.pattern.svg", "heads.q.svg", "heads.v.svg", "heads.z.svg"], Directory.GetFiles(_folder).Select(f => Path.GetFileName(f)!).Order());
        Assert.StartsWith("sweep\tlayer", CliRun.Of([.. line, "block_every"]).Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("zero")]
    [InlineData("mean", "--mean-over", "Her name was Sarah Brown. When Sarah", "--mean-over", "Her name was Alex Brown. When Alex")]
    public void Other_values_than_the_other_runs_can_be_put_in(string word, params string[] more)
    {
        var json = Run(["--site", "mlp_out", "--json", "--replacement", word, .. more]).Json();
        Assert.Equal(word, json.GetProperty("sweep").GetProperty("replacement").GetString());
        Assert.Equal(more.Length / 2, json.GetProperty("sweep").TryGetProperty("mean_over", out var over) ? over.GetArrayLength() : 0);
        Assert.False(json.GetProperty("nothing_moved").GetBoolean());
    }

    [Fact]
    public void Every_named_site_is_reached_over_each_of_its_axes()
    {
        foreach (var (site, axes) in new[] { ("attn_scores", "layer,head,query_pos,key_pos"), ("pattern", "head,query_pos"), ("result", "layer,pos,head"), ("q", "d_head,head"), ("mlp_post", "layer,d_mlp"), ("resid_mid", "layer,d_model"), ("ln1_scale", "layer,pos"), ("blocks.{i}.mlp.hook_pre", "pos") })
        {
            var json = Run("--site", site, "--over", axes, "--layers", "2-3", "--json").Json();
            Assert.Equal(axes.Split(','), json.GetProperty("axes").EnumerateArray().Select(a => a.GetProperty("name").GetString()!));
        }
    }

    private static CliRun Run(params string[] more) => CliRun.Of([.. Notebook, .. more]);
}
