namespace Fathom.Cli.Tests;

public sealed class PathCommandTests
{
    private static readonly string[] Line = ["path", "--from", "Her name was Alex Carroll. When Alex", "--into", "Her name was Alex Hart. When Alex", "--answer", " Hart", "--distractor", " Carroll"];

    [Fact]
    public void Every_head_is_a_sender_and_a_reader()
    {
        var json = Run("--json", "--reader", "v", "--check", "all").Json();
        Assert.Equal("fathom.path/1", json.GetProperty("schema").GetString());
        Assert.Equal(["sender_layer", "sender_head", "reader_layer", "reader_head"], json.GetProperty("axes").EnumerateArray().Select(a => a.GetProperty("name").GetString()!));
        Assert.Equal("path", json.GetProperty("sweep").GetProperty("experiment").GetProperty("kind").GetString());
        Assert.Equal(256, json.GetProperty("checks").GetProperty("checked_cells").GetInt32());
        Assert.Equal(17.7214, json.GetProperty("values")[2][1][1][0].GetDouble(), 1e-3);
        Assert.False(json.GetProperty("nothing_moved").GetBoolean());
    }

    [Fact]
    public void A_screen_names_both_ends_of_a_path()
    {
        var run = CliRun.Of([.. Line, "--reader", "v"], screen: true);
        Assert.Matches(@"\nL\d H\d -> L[1-3] H\d ", run.Output);
        Assert.Contains("Sender down, Reader across: change of logit", run.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("q", "--sender", "mlp_out")]
    [InlineData("k", "--frozen-norm")]
    [InlineData("v", "--reader-layers", "2,3", "--reader-heads", "1", "--reader-set", "--sender-layers", "0-1")]
    [InlineData("mlp", "--sender", "attn_out", "--sender-over", "layer,pos")]
    [InlineData("logits", "--sender", "resid_pre")]
    public void Other_senders_and_readers_run(string reader, params string[] more) => Assert.Equal(ExitCode.Success, Run(["--reader", reader, .. more]).Code);

    [Theory]
    [InlineData("There is no head 4", "--reader-heads", "4")]
    [InlineData("There is no layer 7", "--reader", "mlp", "--reader-layers", "7")]
    [InlineData("There is no pos 9", "--sender-positions", "9")]
    [InlineData("Heads chooses heads of readers that have none", "--reader", "mlp", "--reader-heads", "0")]
    [InlineData("the site has no such axis", "--sender", "attn_out", "--sender-over", "layer,head")]
    [InlineData("is no sender: the last layer's stream replaces", "--sender", "resid_pre", "--sender-over", "pos")]
    [InlineData("Norms with a frozen scale", "--reader", "logits", "--frozen-norm")]
    [InlineData("--reader 'w' is unknown", "--reader", "w")]
    public void A_path_that_cannot_be_meant_is_refused(string phrase, params string[] more) => Run(more).Failed(ExitCode.Usage, phrase);

    private static CliRun Run(params string[] more) => CliRun.Of([.. Line, .. more]);
}
