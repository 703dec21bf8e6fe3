using System.Globalization;
using Fathom.Plots;

namespace Fathom.Cli.Tests;

public sealed class PatchFigureTests : IDisposable
{
    private static readonly string[] Queries =
        ["patch", "--from", "Her name was Alex Carroll. When Alex", "--into", "Her name was Alex Hart. When Alex", "--answer", " Hart", "--distractor", " Carroll", "--site", "q", "--over", "layer,head"];

    private readonly string _folder = Directory.CreateTempSubdirectory("fathom-figure-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Small_effects_are_drawn_as_change_from_the_unpatched_run()
    {
        var map = Drawn();
        Assert.Equal("change of logit(' Hart') - logit(' Carroll') (nats)", map.ValueTitle);
        // The metric is 17.7 on the clean run, and no head's queries move it by more than half a nat.
        Assert.InRange(map.Values.AsSpan().ToArray().Max(Math.Abs), 0.1, 1);
    }

    [Fact]
    public void Value_and_recovery_are_a_word_away()
    {
        Assert.InRange(Drawn("--show", "value").Values[0, 0], 17, 19);
        Assert.InRange(Drawn("--show", "recovery").Values[0, 0], 0.9, 1.1);
        Assert.Equal(Drawn("--show", "recovery").Values, Drawn("--normalised").Values);
        CliRun.Of([.. Queries, "--show", "recover"]).Failed(ExitCode.Usage, "Did you mean 'recovery'? It must be change, recovery or value.");
    }

    [Fact]
    public void Json_holds_the_metric_whatever_is_drawn()
    {
        var plain = CliRun.Of([.. Queries, "--json"]).Json();
        var recovery = CliRun.Of([.. Queries, "--json", "--show", "recovery"]).Json();
        Assert.Equal(plain.GetProperty("values").GetRawText(), recovery.GetProperty("values").GetRawText());
        Assert.Equal(17.7, recovery.GetProperty("values")[0][1].GetDouble(), 0.5);
    }

    [Fact]
    public void A_pipe_gets_the_recovery_as_a_column_of_its_own()
    {
        var lines = CliRun.Of([.. Queries, "--show", "recovery"]).Output.Split('\n');
        Assert.Equal("layer\tlayer_label\thead\thead_label\tvalue\teffect\trecovery", lines[0]);
        var cells = lines[1].Split('\t').TakeLast(3).Select(cell => double.Parse(cell, CultureInfo.InvariantCulture)).ToArray();
        Assert.Equal(1 + (cells[1] / (17.7214 + 17.8241)), cells[2], 1e-4);
    }

    [Fact]
    public void A_pair_that_the_metric_does_not_tell_apart_has_no_recovery() =>
        CliRun.Of([.. Queries[..3], "--into", Queries[2], .. Queries[5..], "--show", "recovery"]).Failed(ExitCode.Failure, "has no meaning");

    [Fact]
    public void A_screen_shows_the_statistics_of_several_pairs_within_80_columns()
    {
        string[] second = ["--from", "Her name was Sarah Hart. When Alex", "--into", "Her name was Alex Hart. When Alex"];
        var run = CliRun.Of([.. Queries[..^4], .. second, "--over", "layer", "--site", "resid_pre"], screen: true);
        var lines = run.Output.Split('\n');
        Assert.Contains(lines, line => line.StartsWith("Mean of 2 pairs. From ", StringComparison.Ordinal));
        var heading = Array.FindIndex(lines, line => line.StartsWith("most moved", StringComparison.Ordinal));
        Assert.Matches("^most moved +change +std. error +95 % interval +p$", lines[heading]);
        Assert.Matches(@"^L\d +-\d+\.\d{4} +\d+\.\d{4} +-[\d.]+ to -?[\d.]+ +[\d.]+$", lines[heading + 1]);
        Assert.All(lines[heading..], line => Assert.True(line.Length <= 80, line));
    }

    [Fact]
    public void An_identical_pair_has_every_cell_marked_as_unmoved()
    {
        var run = CliRun.Of([.. Queries[..3], "--into", Queries[2], .. Queries[5..]], screen: true);
        Assert.Contains("· exactly 0: nothing moved", run.Output, StringComparison.Ordinal);
        Assert.Contains("No cell moved.", run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("most moved", run.Output, StringComparison.Ordinal);
    }

    private HeatMap Drawn(params string[] more)
    {
        var file = Path.Combine(_folder, "figure.json");
        var run = CliRun.Of([.. Queries, .. more, "-o", file]);
        Assert.True(run.Code == ExitCode.Success, run.Error);
        return Assert.IsType<HeatMap>(Figure.Load(file));
    }
}
