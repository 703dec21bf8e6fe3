using System.Globalization;
using System.Text.Json;

namespace Fathom.Cli.Tests;

public sealed class LensCommandTests
{
    private const string Prompt = "Famous computer scientist Alan";
    private const string Hart = "Her name was Alex Hart. When Alex";

    [Theory]
    [InlineData("default")]
    [InlineData("none")]
    public void The_last_row_of_the_lens_is_what_the_model_says(string processing)
    {
        var lens = CliRun.Of(["lens", Prompt, "--json", "--top", "3", "--processing", processing]).Json();
        var said = CliRun.Of(["predict", Prompt, "--json", "--top", "3", "--processing", processing]).Json().GetProperty("top");
        var cells = lens.GetProperty("cells");
        Assert.Equal(5 * 5, cells.GetArrayLength());
        var last = cells[24];
        Assert.Equal(("final_post", 4), (last.GetProperty("layer").GetString(), last.GetProperty("position").GetInt32()));
        foreach (var (a, b) in last.GetProperty("top").EnumerateArray().Zip(said.EnumerateArray()))
        {
            Assert.Equal(b.GetProperty("id").GetInt32(), a.GetProperty("id").GetInt32());
            Assert.Equal(b.GetProperty("logit").GetDouble(), a.GetProperty("logit").GetDouble(), 1e-4);
        }
    }

    [Fact]
    public void The_lens_is_a_table_by_layer_and_position()
    {
        var lines = CliRun.Of(["lens", Prompt]).Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal("layer\tposition\tafter\trank\ttoken\tid\tlogit\tprobability", lines[0]);
        Assert.Equal(26, lines.Length);
        Assert.StartsWith("final_post\t4\t Alan\t0\t Turing\t", lines[^1], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("component", "default")]
    [InlineData("component", "none")]
    [InlineData("head", "default")]
    [InlineData("head", "none")]
    public void Parts_and_offset_sum_to_the_logit_difference(string by, string processing)
    {
        var json = CliRun.Of(["attribute", Hart, "--answer", " Hart", "--against", " Carroll", "--by", by, "--processing", processing, "--json"]).Json();
        var parts = json.GetProperty("parts").EnumerateArray().Sum(p => p.GetProperty("attribution").GetDouble());
        Assert.Equal(json.GetProperty("logit").GetDouble(), parts + json.GetProperty("offset").GetDouble(), 1e-3);
        Assert.Equal(json.GetProperty("sum").GetDouble(), parts + json.GetProperty("offset").GetDouble(), 1e-9);
        Assert.True(json.GetProperty("logit").GetDouble() > 1);
    }

    [Fact]
    public void Attribution_is_a_table_by_part()
    {
        var run = CliRun.Of(["attribute", Hart, "--answer", " Hart"]);
        var lines = run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal("part\tattribution", lines[0]);
        Assert.Equal(["embed", "pos_embed", "0_attn_out", "0_mlp_out"], lines[1..5].Select(l => l.Split('\t')[0]));
        Assert.All(lines[1..], l => Assert.True(double.TryParse(l.Split('\t')[1], CultureInfo.InvariantCulture, out _)));
    }

    [Theory]
    [InlineData("lens", Prompt)]
    [InlineData("attribute", Hart, "--answer", " Hart")]
    public void Figures_are_saved(params string[] words)
    {
        var file = Path.Combine(Path.GetTempPath(), $"fathom-{Guid.NewGuid():N}.json");
        try
        {
            Assert.Equal(ExitCode.Success, CliRun.Of([.. words, "--save", file]).Code);
            using var json = JsonDocument.Parse(File.ReadAllBytes(file));
            Assert.Equal(JsonValueKind.Object, json.RootElement.ValueKind);
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public void An_answer_of_several_tokens_is_refused() =>
        CliRun.Of(["attribute", Hart, "--answer", " Hart Carroll"]).Failed(ExitCode.Usage, " Hart Carroll");

    [Fact]
    public void An_answer_is_needed() => CliRun.Of(["attribute", Hart]).Failed(ExitCode.Usage, "--answer");
}
