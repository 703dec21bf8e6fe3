using System.Text;
using Fathom.Architectures;
using Fathom.Components;
using Fathom.Configuration;
using Fathom.Hooks;
using Fathom.Models;
using Fathom.Tests.Conformance;
using static Fathom.Tests.Conformance.Recorded;

namespace Fathom.Tests.Issues;

/// <summary>Faults of positions and scales that come from settings which other tools did not follow.</summary>
public sealed class PositionConfigFaultTests
{
    [Fact]
    public void Position_0_does_not_depend_on_the_factor_of_Llama3_scaling()
    {
        using var scope = torch.NewDisposeScope();
        using var eight = With("llama3-rope", "\"factor\": 8.0", "\"factor\": 8.0");
        using var other = With("llama3-rope", "\"factor\": 8.0", "\"factor\": 32.0");
        var ids = Family.Ids("llama3-rope");
        const string Turned = "blocks.0.attn.hook_rot_q";
        Tensor one = new Recorded(eight, ids)[Turned], two = new Recorded(other, ids)[Turned];
        Assert.True(one.narrow(1, 0, 1).Equals(two.narrow(1, 0, 1)));
        Assert.True(Distance(one.narrow(1, 10, 1), two.narrow(1, 10, 1)) > 1e-3);
    }

    [Theory]
    [InlineData(torch.ScalarType.Float32)]
    [InlineData(torch.ScalarType.BFloat16)]
    [InlineData(torch.ScalarType.Float16)]
    public void Rotary_angles_are_taken_in_32_bits_or_more_whatever_the_weights_are(torch.ScalarType dtype)
    {
        using var scope = torch.NewDisposeScope();
        RotaryConfig config = new() { Dim = 8, Theta = 10000 };
        using Pass pass = new([new Segment(1, 1, NoPrefix.Instance, positions: torch.full([1, 1], 2047, torch.int64))], ActiveHooks.None);
        var turned = new Rotary(config).Apply(torch.tensor(new float[] { 1, 1, 1, 1, 0, 0, 0, 0 }).to(dtype).view(1, 1, 8), pass).view(-1);
        double[] angles = [.. Enumerable.Range(0, 4).Select(j => 2047 * Math.Pow(10000, -2.0 * j / 8))];
        var exact = torch.tensor([.. angles.Select(Math.Cos), .. angles.Select(Math.Sin)], torch.float64);
        // An angle of 2047 in 16 bits would be off by whole radians; here only the result is rounded.
        var rounding = dtype switch { torch.ScalarType.Float32 => 1e-6, torch.ScalarType.Float16 => 5e-4, _ => 4e-3 };
        Assert.True(Distance(exact, turned) <= rounding);
        Assert.True(turned.Equals(exact.to(torch.float32).to(dtype)));
    }

    [Fact]
    public void The_first_position_reads_row_2_of_a_table_with_an_offset_and_padding_is_no_position()
    {
        using var scope = torch.NewDisposeScope();
        using var model = Family.Load("opt");
        Assert.Equal(2, ((LearnedPositions)model.Config.Positions!).Offset);
        var ids = torch.tensor(new long[,] { { 1, 1, 1, 5, 9 } });
        var mask = torch.tensor(new long[,] { { 0, 0, 0, 1, 1 } });
        var table = model.PosEmbed!.WPos!.Value;
        var padded = new Recorded(model, ids, new() { AttentionMask = mask })["hook_pos_embed"];
        Assert.True(padded[0, 3].Equals(table[2]));
        Assert.True(padded[0, 4].Equals(table[3]));
        Assert.True(new Recorded(model, ids)["hook_pos_embed"][0, 0].Equals(table[2]));
    }

    [Fact]
    public void Scores_are_plain_products_where_the_family_has_no_scale()
    {
        using var scope = torch.NewDisposeScope();
        using var model = Family.Load("gpt-neo");
        Recorded run = new(model, Family.Ids("gpt-neo"));
        var scores = run["blocks.0.attn.hook_attn_scores"];
        var products = torch.einsum("bqhd,bkhd->bhqk", run["blocks.0.attn.hook_q"], run["blocks.0.attn.hook_k"]);
        Assert.True(Distance(torch.where(scores.isinf(), scores, products), scores) < 1e-5);
    }

    [Theory]
    [InlineData("gemma2")]
    [InlineData("gemma3")]
    public void Scores_change_by_the_exact_ratio_when_the_configs_scale_does(string family)
    {
        using var scope = torch.NewDisposeScope();
        var scalar = 1 / Math.Pow(((AttentionConfig)Family.Config(family).Blocks[0].Mixer).Scale, 2);
        var key = "\"query_pre_attn_scalar\": ";
        using var once = With(family, $"{key}{scalar:0}", $"{key}{scalar:0}", c => c with { SoftCap = null });
        using var twice = With(family, $"{key}{scalar:0}", $"{key}{4 * scalar:0}", c => c with { SoftCap = null });
        var ids = Family.Ids(family);
        const string Scores = "blocks.0.attn.hook_attn_scores";
        Tensor one = new Recorded(once, ids)[Scores], two = new Recorded(twice, ids)[Scores];
        Assert.True(Distance(one, two * 2) < 1e-5);
    }

    [Fact]
    public void The_layers_that_slide_are_those_that_the_configs_list_names()
    {
        using var scope = torch.NewDisposeScope();
        var ids = Family.Ids("gemma3");
        var kinds = Family.Config("gemma3").Blocks.Select(b => ((AttentionConfig)b.Mixer).Window is null).ToList();
        var first = kinds.FindIndex(isFull => isFull);
        Assert.True(first >= 0);
        using var model = With("gemma3", "sliding_attention", "full_attention", onlyFirst: true);
        for (var layer = 0; layer < kinds.Count; layer++)
        {
            var seen = new Recorded(model, ids)[$"blocks.{layer}.attn.hook_pattern"].ne(0).sum(-1).amin([0, 1]).data<long>().ToArray();
            var window = kinds[layer] || layer == 0 ? int.MaxValue : ((AttentionConfig)Family.Config("gemma3").Blocks[layer].Mixer).Window!.Value;
            Assert.Equal(Enumerable.Range(0, seen.Length).Select(i => (long)Math.Min(i + 1, window)), seen);
        }
    }

    [Theory]
    [InlineData("bloom")]
    [InlineData("bloom-6-heads")]
    [InlineData("mpt")]
    [InlineData("falcon-alibi")]
    public void A_bias_by_distance_belongs_to_absolute_positions_on_a_cache_too(string family)
    {
        using var scope = torch.NewDisposeScope();
        using var model = Family.Load(family);
        var ids = Family.Ids(family);
        const string Scores = "blocks.1.attn.hook_attn_scores";
        Recorded whole = new(model, ids);
        using KeyValueCache cache = new();
        for (var at = 0L; at < ids.shape[1]; at++)
        {
            using var inner = torch.NewDisposeScope();
            Recorded step = new(model, ids.narrow(1, at, 1), new() { Cache = cache });
            Assert.True(Distance(whole[Scores].narrow(2, at, 1).narrow(3, 0, at + 1), step[Scores]) < 1e-4);
            Assert.True(Distance(whole.Logits.narrow(1, at, 1), step.Logits) < 1e-4);
        }
    }

    /// <summary>The family's fixture under a config of which one text is replaced.</summary>
    private static HookedTransformer With(string family, string text, string by, Func<AttentionConfig, AttentionConfig>? attention = null, bool onlyFirst = false)
    {
        var path = Path.Combine(Family.Folder(family), "config.json");
        var json = File.ReadAllText(path);
        var at = json.IndexOf(text, StringComparison.Ordinal);
        Assert.True(at >= 0, $"{family}: config.json has no {text}");
        json = onlyFirst ? string.Concat(json.AsSpan(0, at), by, json.AsSpan(at + text.Length)) : json.Replace(text, by, StringComparison.Ordinal);
        var parsed = ConfigFile.Parse(Encoding.UTF8.GetBytes(json), path);
        var config = Catalogue.Of(parsed, path).ReadConfig(parsed, path);
        config = attention is null ? config : config with { Blocks = [.. config.Blocks.Select(b => b with { Mixer = attention((AttentionConfig)b.Mixer) })] };
        using var whole = Family.Load(family);
        HookedTransformer model = new(config);
        foreach (var weight in whole.Weights.Where(w => w.IsBound))
        {
            model.Weight(weight.Name).Set(weight.Value);
        }

        return model;
    }
}
