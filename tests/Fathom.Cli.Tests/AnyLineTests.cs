namespace Fathom.Cli.Tests;

/// <summary>Whatever words stand on the command line, the tool answers in words and with a documented code.</summary>
public sealed class AnyLineTests
{
    private static readonly string[] Words =
    [
        "predict", "test-prompt", "generate", "cache", "tokenize", "patch", "models", "list", "show", "path", "verify", "model", "tokenizer", "sweep", "info", "completion",
        "bash", "names-4l", "gpt2", "./nowhere", "Her name was Alex Hart. When Alex", "Her name was Alex Carroll. When Alex", " Hart", "", "-", "--", "--help", "--version", "--json", "-q", "-m", "--top", "3", "-1", "1e99",
        "--from", "--into", "--answer", "--distractor", "--site", "z", "resid_mid", "--over", "layer,head", "layer", "--metric", "kl", "--normalised", "--positions", "0-2", "--reference", "--golden", "--file",
        "-n", "blocks.*.hook_z", "**", "[suggest:5]", "@file", "/?", "--top=5", "--bos", "no", "--temperature", "--max-new-tokens", "\u0000", "日本\t語", "--dtype", "float64", "--device",
        "--ready-made", "block_every", "--explain", "--check", "all", "--memory", "64MiB", "--replacement", "mean", "--mean-over", "--plain",
        "save", "--state-dict", "--shard-size",
    ];

    [Fact]
    public void Ends_with_a_documented_code_and_never_a_trace()
    {
        var lines = Environment.GetEnvironmentVariable("CI") == "true" ? 1500 : 300;
        var random = new Random(20261127);
        for (var i = 0; i < lines; i++)
        {
            string[] line = [.. Enumerable.Range(0, random.Next(1, 9)).Select(_ => Words[random.Next(Words.Length)])];
            var run = CliRun.Of(line, input: random.Next(2) == 0 ? "When Alex\n" : "", screen: random.Next(2) == 0);
            var shown = string.Join(" ", line.Select(word => $"'{word}'"));
            Assert.True(run.Code is >= ExitCode.Success and <= ExitCode.NotFound, $"{shown}: exit code {run.Code}");
            Assert.False(run.Error.Contains("   at ", StringComparison.Ordinal) || run.Error.Contains("defect", StringComparison.Ordinal) || run.Error.Contains("Exception", StringComparison.Ordinal), $"{shown}: {run.Error}");
            Assert.True(run.Code == ExitCode.Success || run.Error.Contains("error: ", StringComparison.Ordinal), $"{shown}: failed without a word");
        }
    }
}
