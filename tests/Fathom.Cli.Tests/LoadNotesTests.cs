namespace Fathom.Cli.Tests;

/// <summary>What loading decided is told after the result, and in which type the model computes is the user's choice.</summary>
public sealed class LoadNotesTests
{
    private const string Tied = "note: unembed.W_U is embed.W_E transposed";

    [Fact]
    public void What_loading_decided_stands_on_standard_error_a_line_each()
    {
        var run = CliRun.Of(["predict", "When Alex"]);
        Assert.Equal(ExitCode.Success, run.Code);
        Assert.Single(run.Error.Split('\n'), line => line.StartsWith(Tied, StringComparison.Ordinal));
        Assert.All(run.Error.Split('\n').Where(line => line.Contains("W_U", StringComparison.Ordinal)), line => Assert.StartsWith("note: ", line, StringComparison.Ordinal));
        Assert.DoesNotContain("note:", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Quiet_leaves_them_out_and_json_stays_a_document()
    {
        Assert.Empty(CliRun.Of(["predict", "When Alex", "--quiet"]).Error);
        var run = CliRun.Of(["predict", "When Alex", "--json"]);
        run.Json();
        Assert.Contains(Tied, run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_run_that_fails_after_loading_says_only_why() =>
        CliRun.Of(["test-prompt", "When Alex", ""]).Failed(ExitCode.Usage);

    [Theory]
    [InlineData("float32", "fp32", 1e-9)]
    [InlineData("bfloat16", "bf16", 0.2)]
    [InlineData("float16", "fp16", 0.03)]
    [InlineData("float64", "fp64", 1e-4)]
    public void A_type_has_two_names_and_changes_logits_by_no_more_than_its_rounding(string name, string brief, double rounding)
    {
        var json = CliRun.Of(["predict", "When Alex", "--top", "1", "--json", "--dtype", name]).Json();
        var same = CliRun.Of(["predict", "When Alex", "--top", "1", "--json", "--dtype", brief]).Json();
        var usual = CliRun.Of(["predict", "When Alex", "--top", "1", "--json"]).Json();
        Assert.Equal(name, json.GetProperty("provenance").GetProperty("dtype").GetString());
        Assert.Equal(Logit(json), Logit(same));
        Assert.InRange(Math.Abs(Logit(json) - Logit(usual)), 0, rounding);
    }

    private static double Logit(System.Text.Json.JsonElement json) => json.GetProperty("top")[0].GetProperty("logit").GetDouble();
}
