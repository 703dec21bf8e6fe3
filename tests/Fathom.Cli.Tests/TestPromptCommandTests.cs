namespace Fathom.Cli.Tests;

public sealed class TestPromptCommandTests
{
    private const string Prompt = "Her name was Alex Hart. When Alex";

    [Fact]
    public void Ranks_answers_with_a_space_in_front()
    {
        var json = CliRun.Of(["test-prompt", Prompt, "Hart", " Carroll", "--json", "--top", "2"]).Json();
        Assert.Equal("fathom.test_prompt/1", json.GetProperty("schema").GetString());
        Assert.Equal(9, json.GetProperty("tokens").GetArrayLength());
        var hart = json.GetProperty("answers")[0];
        Assert.Equal(" Hart", hart.GetProperty("answer").GetString());
        Assert.Equal(0, hart.GetProperty("tokens")[0].GetProperty("answer").GetProperty("rank").GetInt32());
        Assert.Equal(0.981, hart.GetProperty("tokens")[0].GetProperty("answer").GetProperty("probability").GetDouble(), 2e-3);
        Assert.Equal(2, hart.GetProperty("tokens")[0].GetProperty("top").GetArrayLength());
        Assert.True(json.GetProperty("answers")[1].GetProperty("tokens")[0].GetProperty("answer").GetProperty("rank").GetInt32() > 10);
    }

    [Fact]
    public void An_answer_of_several_tokens_is_judged_token_by_token()
    {
        var lines = CliRun.Of(["test-prompt", Prompt, " Hart was", "--top", "0"]).Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(3, lines.Length);
        Assert.StartsWith(" Hart was\t0\tanswer\t0\t Hart\t", lines[1], StringComparison.Ordinal);
        Assert.StartsWith(" Hart was\t1\tanswer\t", lines[2], StringComparison.Ordinal);
    }

    [Fact]
    public void Refuses_empty_words()
    {
        CliRun.Of(["test-prompt", "", " Hart"]).Failed(ExitCode.Usage, "PROMPT is empty");
        CliRun.Of(["test-prompt", Prompt, ""]).Failed(ExitCode.Usage, "ANSWER is empty");
        CliRun.Of(["test-prompt", Prompt]).Failed(ExitCode.Usage, "needs ANSWER");
    }
}
