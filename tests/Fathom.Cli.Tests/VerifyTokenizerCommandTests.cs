namespace Fathom.Cli.Tests;

public sealed class VerifyTokenizerCommandTests : IDisposable
{
    private readonly string _golden = Path.Combine(Path.GetTempPath(), $"fathom-golden-{Guid.NewGuid():N}.jsonl");

    [Fact]
    public void An_equal_tokenizer_exits_with_success()
    {
        var ids = string.Join(",", CliRun.Of(["tokenize", "When Alex", "-q"]).Output.Split('\n').Skip(1).Where(line => line.Length > 0).Select(line => line.Split('\t')[1]));
        File.WriteAllText(_golden, $$"""{"ids":[{{ids}}],"decoded":"When Alex"}""");

        var run = CliRun.Of(["verify", "tokenizer", "names-4l", "--golden", _golden]);

        Assert.Equal("", run.Error);
        Assert.Equal(ExitCode.Success, run.Code);
        Assert.Contains("\t1\t0\tok", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void The_first_mismatches_are_listed_readably_with_a_failing_code()
    {
        File.WriteAllLines(_golden, [.. Enumerable.Range(0, 12).Select(i => $$"""{"text":"Alex {{i}}","special":false,"ids":[1],"offsets":[[0,4]],"decoded":"Alex"}""")]);

        var run = CliRun.Of(["verify", "tokenizer", "names-4l", "--golden", _golden]);

        Assert.Equal(ExitCode.Failure, run.Code);
        Assert.Contains("\t12\t12\tDIFFERS", run.Output, StringComparison.Ordinal);
        Assert.Contains("text \"Alex 0\" (special tokens: False): ids differ at 0: expected [1], got [", run.Error, StringComparison.Ordinal);
        Assert.Contains("text \"Alex 9\"", run.Error, StringComparison.Ordinal);
        Assert.Contains("12 of 12 cases", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_of_another_kind_is_refused()
    {
        File.WriteAllText(_golden, """{"words":[1]}""");

        var run = CliRun.Of(["verify", "tokenizer", "names-4l", "--golden", _golden]);

        Assert.Equal(ExitCode.Failure, run.Code);
        Assert.Contains("Line 1 is of no known kind", run.Error, StringComparison.Ordinal);
    }

    public void Dispose() => File.Delete(_golden);
}
