namespace Fathom.Cli.Tests;

public sealed class PairCommandTests
{
    private const string Hart = "Her name was Alex Hart. When Alex";
    private static readonly string[] Answers = ["--answer", " Hart", "--distractor", " Carroll"];

    [Fact]
    public void Interactions_go_over_the_places_of_both_patches()
    {
        var json = CliRun.Of(["pair", "--from", "Her name was Sarah Hart. When Alex", "--into", Hart, .. Answers, "--site", "z", "--over", "layer,head", "--with-site", "mlp_out", "--with-over", "layer", "--with-layers", "2-3", "--json"]).Json();
        Assert.Equal("fathom.pair/1", json.GetProperty("schema").GetString());
        Assert.Equal(["first_layer", "first_head", "second_layer"], json.GetProperty("axes").EnumerateArray().Select(a => a.GetProperty("name").GetString()!));
        Assert.StartsWith("interaction in logit", json.GetProperty("metrics")[0].GetProperty("name").GetString(), StringComparison.Ordinal);
        Assert.Equal("pair", json.GetProperty("sweep").GetProperty("experiment").GetProperty("kind").GetString());
    }

    [Fact]
    public void A_pair_of_a_place_with_itself_is_blank_and_said()
    {
        var run = CliRun.Of(["pair", "--from", "Her name was Sarah Hart. When Alex", "--into", Hart, .. Answers, "--site", "attn_out", "--over", "layer"]);
        Assert.Equal(ExitCode.Success, run.Code);
        Assert.Contains("is no number in 4 of 16 cells (L0, L0; ", run.Error, StringComparison.Ordinal);
        Assert.Equal(2, run.Error.Split("is no number").Length);
    }

    [Fact]
    public void A_screen_names_each_pair_once()
    {
        var run = CliRun.Of(["pair", "--from", "Her name was Sarah Hart. When Alex", "--into", Hart, .. Answers, "--site", "attn_out", "--over", "layer"], screen: true);
        Assert.Contains("\nL0 with L1 ", run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("L1 with L0", run.Output, StringComparison.Ordinal);
        Assert.Contains("A place together with itself has no number.", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Positions_are_exchanged_with_recorded_values_unless_live_is_asked_for()
    {
        string[] line = ["patch", "--from", Hart, "--into", Hart, .. Answers, "--site", "z", "--over", "head", "--exchange", "4,5", "--json"];
        var clamped = CliRun.Of(line).Json();
        Assert.Equal("exchange", clamped.GetProperty("sweep").GetProperty("replacement").GetString());
        Assert.Equal("live_exchange", CliRun.Of([.. line, "--live"]).Json().GetProperty("sweep").GetProperty("replacement").GetString());
    }

    [Theory]
    [InlineData("names two positions", "--exchange", "4")]
    [InlineData("which are the same", "--exchange", "4,4")]
    [InlineData("There is no pos 12", "--exchange", "4,12")]
    [InlineData("--live says how positions are exchanged", "--live")]
    [InlineData("stands instead of --replacement", "--exchange", "1,2", "--replacement", "zero")]
    public void An_exchange_that_cannot_be_meant_is_refused(string phrase, params string[] more) =>
        CliRun.Of(["patch", "--from", Hart, "--into", Hart, .. Answers, "--site", "z", "--over", "layer", .. more]).Failed(ExitCode.Usage, phrase);
}
