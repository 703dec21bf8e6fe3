using System.Text.Json;

namespace Fathom.Cli.Tests;

public sealed class PatchCommandTests : IDisposable
{
    private static readonly string[] Carroll = ["patch", "--from", "Her name was Alex Carroll. When Alex", "--into", "Her name was Alex Hart. When Alex", "--answer", " Hart", "--distractor", " Carroll"];

    private readonly string _folder = Directory.CreateTempSubdirectory("fathom-patch-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Json_holds_axes_values_baselines_checks_and_provenance()
    {
        var json = Run("--json").Json();
        Assert.Equal(["schema", "tool_version", "model", "provenance", "sweep", "axes", "values", "metrics", "examples", "nothing_moved", "checks", "work"], json.EnumerateObject().Select(member => member.Name));
        var axes = json.GetProperty("axes");
        Assert.Equal(["layer", "pos"], axes.EnumerateArray().Select(axis => axis.GetProperty("name").GetString()!));
        Assert.Equal("(pos 5)  Hart", axes[1].GetProperty("labels")[5].GetString());
        Assert.Equal(5, json.GetProperty("values").GetArrayLength());
        Assert.Equal(9, json.GetProperty("values")[0].GetArrayLength());
        var metric = json.GetProperty("metrics")[0];
        Assert.Equal("logit(' Hart') - logit(' Carroll')", metric.GetProperty("name").GetString());
        Assert.Equal(17.7214, metric.GetProperty("clean")[0].GetDouble(), 1e-3);
        Assert.Equal(-17.8241, metric.GetProperty("corrupted")[0].GetDouble(), 1e-3);

        // The surname's position carries everything before the first block.
        Assert.Equal(-17.8241, json.GetProperty("values")[0][5].GetDouble(), 1e-3);
        Assert.Equal(17.7214, json.GetProperty("values")[0][4].GetDouble(), 1e-3);
        Assert.False(json.GetProperty("nothing_moved").GetBoolean());
    }

    [Fact]
    public void A_pipe_gets_one_row_for_each_cell()
    {
        var lines = Run("--site", "z", "--over", "layer,head").Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal("layer\tlayer_label\thead\thead_label\tvalue\teffect", lines[0]);
        Assert.Equal(17, lines.Length);
        Assert.StartsWith("1\tL1\t1\tH1\t9.2", lines[6], StringComparison.Ordinal);
    }

    [Fact]
    public void A_screen_gets_the_heat_map_and_what_moved_most()
    {
        var run = CliRun.Of(Carroll, screen: true);
        Assert.Contains("resid_post.1", run.Output, StringComparison.Ordinal);
        var lines = run.Output.Split('\n');
        var heading = Array.FindIndex(lines, line => line.StartsWith("most moved", StringComparison.Ordinal));
        Assert.Matches("^most moved +value +change$", lines[heading]);
        Assert.Matches(@"^resid_post\.0, \(pos 5\)  Hart +-17\.90\d\d +-35\.62\d\d$", lines[heading + 1]);

        // Notes are broken only where standard error is a screen; here it is a pipe.
        var told = run.Error.Split('\n').Where(line => !line.StartsWith("note: ", StringComparison.Ordinal));
        Assert.All(run.Output.Split('\n').Concat(told), line => Assert.True(line.Length <= 100, line));
    }

    [Fact]
    public void Choices_narrow_the_grid()
    {
        var json = Run("--json", "--layers", "1-2", "--positions", "5,-1", "--normalised", "--plain").Json();
        Assert.Equal(2, json.GetProperty("values").GetArrayLength());
        Assert.Equal(2, json.GetProperty("values")[0].GetArrayLength());
        Assert.True(json.GetProperty("metrics")[0].GetProperty("normalised").GetBoolean());
        Assert.Equal("plain", json.GetProperty("work").GetProperty("path").GetString());
        Assert.Equal([8], [json.GetProperty("axes")[1].GetProperty("indices")[1].GetInt32()]);
    }

    [Fact]
    public void Saves_figures_by_their_extension()
    {
        var (html, svg) = (Path.Combine(_folder, "a.html"), Path.Combine(_folder, "a.svg"));
        Assert.Equal(ExitCode.Success, Run("-o", html, "-o", svg, "--title", "Patching with Carroll").Code);
        Assert.Contains("Patching with Carroll", File.ReadAllText(html), StringComparison.Ordinal);
        Assert.StartsWith("<svg", File.ReadAllText(svg), StringComparison.Ordinal);
        Assert.Equal(2, Directory.GetFileSystemEntries(_folder).Length);
    }

    [Fact]
    public void Verify_sweep_compares_a_saved_result_with_a_grid()
    {
        var saved = Path.Combine(_folder, "result.json");
        var text = Run("--json").Output;
        File.WriteAllText(saved, text);
        var values = JsonDocument.Parse(text).RootElement.GetProperty("values").GetRawText();
        var reference = Path.Combine(_folder, "reference.json");
        File.WriteAllText(reference, $"{{ \"runs\": [{{ \"resid\": {values} }}] }}");

        Assert.True(CliRun.Of(["verify", "sweep", saved, "--reference", reference, "--at", "/runs/0/resid", "--json"]).Json().GetProperty("passed").GetBoolean());
        CliRun.Of(["verify", "sweep", saved, "--reference", reference]).Failed(ExitCode.Usage, "/runs");
        CliRun.Of(["verify", "sweep", saved, "--reference", reference, "--at", "/runs/0/reside"]).Failed(ExitCode.Usage, "'resid'");

        File.WriteAllText(reference, values.Replace("17.72", "17.82", StringComparison.Ordinal));
        var different = CliRun.Of(["verify", "sweep", saved, "--reference", reference]);
        Assert.Equal(ExitCode.Failure, different.Code);
        Assert.Contains("of 45 cells differ", different.Error, StringComparison.Ordinal);
        File.WriteAllText(reference, "[[1, 2], [3]]");
        CliRun.Of(["verify", "sweep", saved, "--reference", reference]).Failed(ExitCode.Failure, "different lengths");
    }

    [Theory]
    [InlineData("No site is called 'zz'", "--site", "zz")]
    [InlineData("no axis 'posn'. Did you mean 'pos'?", "--over", "layer,posn")]
    [InlineData("Cannot sweep 'd_mlp'", "--site", "q", "--over", "d_mlp")]
    [InlineData("'5-' is no list of indices", "--positions", "5-")]
    [InlineData("There is no pos 99", "--positions", "99")]
    [InlineData("--metric kl does not read --distractor", "--metric", "kl")]
    [InlineData("'.docx' is no format of figures", "-o", "a.docx")]
    public void A_sweep_that_cannot_be_meant_is_refused(string phrase, params string[] more) => Run(more).Failed(ExitCode.Usage, phrase);

    [Fact]
    public void Prompts_of_unequal_length_are_shown_side_by_side() =>
        CliRun.Of([.. Carroll[..2], "Her name was Alexandra Carroll. When Alex", .. Carroll[3..]]).Failed(ExitCode.Usage, "From is 11 tokens and Into 9", "* 'and'            ' Hart'");

    [Fact]
    public void An_answer_of_several_tokens_is_refused_with_its_tokens() =>
        CliRun.Of([.. Carroll[..6], " Hartford", .. Carroll[7..]]).Failed(ExitCode.Usage, "' Hartford' is 2 tokens (' Hart', 'ford')");

    [Fact]
    public void A_sweep_without_answers_measures_the_divergence()
    {
        var json = CliRun.Of([.. Carroll[..5], "--json"]).Json();
        Assert.Equal("KL(clean || patched)", json.GetProperty("metrics")[0].GetProperty("name").GetString());
        CliRun.Of([.. Carroll[..5], "--metric", "logit"]).Failed(ExitCode.Usage, "--metric logit needs --answer");
    }

    private static CliRun Run(params string[] more) => CliRun.Of([.. Carroll, .. more]);
}
