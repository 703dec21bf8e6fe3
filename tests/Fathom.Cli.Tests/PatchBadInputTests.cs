namespace Fathom.Cli.Tests;

/// <summary>Sweeps that cannot be carried out say so in words, before or instead of a wrong number.</summary>
public sealed class PatchBadInputTests : IDisposable
{
    private const string Hart = "Her name was Alex Hart. When Alex";
    private const string Carroll = "Her name was Alex Carroll. When Alex";
    private static readonly string[] Notebook = ["patch", "--from", Carroll, "--into", Hart, "--answer", " Hart", "--distractor", " Carroll"];

    private readonly string _folder = Directory.CreateTempSubdirectory("fathom-patch-bad-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("has no site 'blocks.{i}.attn.hook_rot_q'", "--site", "blocks.{i}.attn.hook_rot_q")]
    [InlineData("Cannot sweep 'key_pos' at blocks.0.attn.hook_z [batch, pos, head, d_head]: the site has no such axis. It has layer, pos, head, d_head.", "--site", "z", "--over", "layer,key_pos")]
    [InlineData("There is no head 4: it has 4 entries, 0 to 3", "--site", "z", "--over", "layer,head", "--heads", "4")]
    [InlineData("There is no layer 9: it has 4 entries", "--site", "z", "--over", "layer,head", "--layers", "9")]
    [InlineData("There is no pos 9: it has 9 entries, 0 to 8 (or -9 to -1)", "--positions", "9")]
    [InlineData("Heads chooses indices of an axis that blocks.0.hook_resid_pre", "--heads", "1")]
    [InlineData("names an index twice", "--positions", "3,-6")]
    [InlineData("--replacement mean needs --mean-over", "--replacement", "mean")]
    [InlineData("--replacement zero does not read --mean-over", "--replacement", "zero", "--mean-over", "When Alex")]
    [InlineData("a prompt that is itself patched: \"Her name was Alex Hart. When Alex\"", "--replacement", "mean", "--mean-over", Hart)]
    [InlineData("the mean is taken position by position", "--replacement", "mean", "--mean-over", "When Alex")]
    [InlineData("Pair 0 has no other example of its length to resample from", "--replacement", "resample")]
    [InlineData("'0GiB' is no size. Write a number and a unit, such as 4GiB", "--memory", "0GiB")]
    [InlineData("'4 gallons' is no size", "--memory", "4 gallons")]
    [InlineData("'some' is neither a number of cells nor 'all'", "--check", "some")]
    [InlineData("--precision 'fp8' is unknown", "--precision", "fp8")]
    [InlineData("does not read --check", "--plain", "--check", "3")]
    [InlineData("--ready-made 'resid_past' is unknown. Did you mean 'resid_", "--ready-made", "resid_past")]
    [InlineData("Leave out --site and --over", "--ready-made", "resid_pre", "--site", "z")]
    [InlineData("--metric names kl twice", "--metric", "kl", "--metric", "kl")]
    [InlineData("--metric 'logits' is unknown. Did you mean 'logit'?", "--metric", "logits")]
    public void A_sweep_that_cannot_be_meant_is_refused_with_the_reason(string phrase, params string[] more) => CliRun.Of([.. Notebook, .. more]).Failed(ExitCode.Usage, phrase);

    [Fact]
    public void A_budget_too_small_for_one_cell_says_how_much_is_needed() =>
        CliRun.Of([.. Notebook, "--memory", "100kB"]).Failed(ExitCode.Failure, "may take 0.1 MiB beside the model and needs at least", "for its base runs and one cell");

    [Fact]
    public void A_resume_file_of_another_sweep_is_refused_and_left_alone()
    {
        var file = Path.Combine(_folder, "sweep.resume");
        File.WriteAllText(file, "fathom.resume/1 0123456789abcdef 7\n");
        CliRun.Of([.. Notebook, "--resume", file]).Failed(ExitCode.Failure, $"'{file}' cannot be resumed: it belongs to another experiment, model or memory budget. Delete it to start again, or name another file.");
        Assert.StartsWith("fathom.resume/1 0123", File.ReadAllText(file), StringComparison.Ordinal);
        File.WriteAllText(file, "my shopping list\n");
        CliRun.Of([.. Notebook, "--resume", file]).Failed(ExitCode.Failure, "it is no file of an interrupted sweep");
        Assert.Equal("my shopping list\n", File.ReadAllText(file));
    }

    [Fact]
    public void A_pair_that_the_metric_does_not_separate_has_no_normalised_recovery() =>
        CliRun.Of(["patch", "--from", Hart, "--into", Hart, "--answer", " Hart", "--distractor", " Carroll", "--normalised"]).Failed(ExitCode.Failure, "Pair 0 is not separated by logit(' Hart') - logit(' Carroll')");

    [Fact]
    public void A_metric_without_a_number_is_reported_cell_by_cell_and_enters_no_average()
    {
        // A norm's scale of zero divides by zero.
        var run = CliRun.Of([.. Notebook, "--site", "blocks.{i}.ln2.hook_scale", "--over", "layer,pos", "--layers", "3", "--replacement", "zero", "--check", "0", "--json"]);
        var json = run.Json();
        var values = json.GetProperty("values")[0].EnumerateArray().ToList();
        Assert.Equal(System.Text.Json.JsonValueKind.Null, values[8].ValueKind);
        Assert.All(values.Take(8), value => Assert.Equal(17.7214, value.GetDouble(), 1e-3));
        Assert.Contains("is no number in 1 of 9 cells (L3, (pos 8)  Alex); they are left blank", run.Error, StringComparison.Ordinal);
    }
}
