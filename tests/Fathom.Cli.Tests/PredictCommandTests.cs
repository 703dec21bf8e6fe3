using System.Text.Json;

namespace Fathom.Cli.Tests;

public sealed class PredictCommandTests
{
    private const string Prompt = "Famous computer scientist Alan";

    [Fact]
    public void The_embedded_model_knows_Turing()
    {
        var lines = CliRun.Of(["predict", Prompt, "--top", "3"]).Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal("rank\ttoken\tid\tlogit\tprobability", lines[0]);
        Assert.Equal(4, lines.Length);
        Assert.StartsWith("0\t Turing\t", lines[1], StringComparison.Ordinal);
        Assert.InRange(double.Parse(lines[1].Split('\t')[4], System.Globalization.CultureInfo.InvariantCulture), 0.9, 1);
    }

    [Fact]
    public void A_screen_shows_the_tokens_and_says_how_many()
    {
        var run = CliRun.Of(["predict", Prompt], screen: true);
        Assert.StartsWith("<|endoftext|>|Famous|·computer|·scientist|·Alan\nrank  token", run.Output, StringComparison.Ordinal);
        Assert.Contains("names-4l: 5 tokens, mean loss", run.Error, StringComparison.Ordinal);
        Assert.Empty(CliRun.Of(["predict", Prompt, "--quiet"], screen: true).Error);
    }

    [Fact]
    public void Json_is_the_documented_contract()
    {
        var json = CliRun.Of(["predict", Prompt, "--json", "--top", "2"]).Json();
        Assert.Equal(["schema", "tool_version", "model", "provenance", "prompt", "tokens", "top"], Names(json));
        Assert.Equal(["command", "revision", "processing", "dtype", "device", "threads", "matmul"], Names(json.GetProperty("provenance")));
        Assert.Equal("fathom predict 'Famous computer scientist Alan' --json --top 2", json.GetProperty("provenance").GetProperty("command").GetString());
        Assert.Equal(["id", "text", "loss"], Names(json.GetProperty("tokens")[0]));
        Assert.Equal(JsonValueKind.Null, json.GetProperty("tokens")[0].GetProperty("loss").ValueKind);
        Assert.True(json.GetProperty("tokens")[1].GetProperty("loss").GetDouble() > 0);
        Assert.Equal(["rank", "id", "token", "logit", "probability"], Names(json.GetProperty("top")[0]));
        Assert.Equal(" Turing", json.GetProperty("top")[0].GetProperty("token").GetString());
    }

    [Fact]
    public void The_prompt_can_be_piped_in()
    {
        Assert.Equal(CliRun.Of(["predict", Prompt]).Output, CliRun.Of(["predict"], input: Prompt + "\n").Output);
        Assert.Equal(CliRun.Of(["predict", Prompt]).Output, CliRun.Of(["predict", "-"], input: Prompt + "\n").Output);
    }

    [Theory]
    [InlineData("@file")]
    [InlineData("/h")]
    [InlineData("--", "--top")]
    public void A_prompt_may_begin_with_anything(params string[] words) =>
        Assert.Equal(words[^1], CliRun.Of(["predict", "--json", .. words]).Json().GetProperty("prompt").GetString());

    [Fact]
    public void Without_its_first_token_the_prompt_is_another()
    {
        var json = CliRun.Of(["predict", Prompt, "--json", "--bos", "no"]).Json();
        Assert.Equal(4, json.GetProperty("tokens").GetArrayLength());
    }

    private static IEnumerable<string> Names(JsonElement element) => element.EnumerateObject().Select(member => member.Name);
}
