namespace Fathom.Cli.Tests;

public sealed class GenerateCommandTests
{
    private const string Prompt = "Her name was Alex Hart. When";

    [Fact]
    public void Greedy_text_is_the_same_with_and_without_the_cache_and_on_a_screen()
    {
        var text = CliRun.Of(["generate", Prompt, "--max-new-tokens", "8"]).Output;
        Assert.StartsWith(Prompt + " Alex Hart", text, StringComparison.Ordinal);
        Assert.Equal(text, CliRun.Of(["generate", Prompt, "--max-new-tokens", "8", "--no-cache"]).Output);
        Assert.Equal(text, CliRun.Of(["generate", Prompt, "--max-new-tokens", "8"], screen: true).Output);
    }

    [Fact]
    public void Draws_are_repeated_by_their_seed()
    {
        string[] line = ["generate", Prompt, "--temperature", "1.5", "--samples", "2", "--seed", "3", "--json"];
        var json = CliRun.Of(line).Json();
        var samples = json.GetProperty("samples");
        Assert.Equal(2, samples.GetArrayLength());
        Assert.NotEqual(samples[0].GetProperty("text").GetString(), samples[1].GetProperty("text").GetString());
        Assert.Equal(samples.GetRawText(), CliRun.Of(line).Json().GetProperty("samples").GetRawText());
        Assert.Equal(samples[0].GetProperty("new_ids").GetArrayLength(), samples[0].GetProperty("new_tokens").GetArrayLength());
    }

    [Fact]
    public void A_stop_text_ends_it() =>
        Assert.Equal(Prompt + " Alex Hart\n", CliRun.Of(["generate", Prompt, "--stop", "Hart"]).Output);

    [Fact]
    public void An_option_that_would_do_nothing_is_refused() =>
        CliRun.Of(["generate", Prompt, "--top-p", "0.5"]).Failed(ExitCode.Usage, "--top-p does nothing without a temperature");
}
