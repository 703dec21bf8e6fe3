using Fathom.Hub.Tests.Fakes;

namespace Fathom.Cli.Tests;

public sealed class ModelsPullCommandTests : IAsyncLifetime
{
    private readonly FakeHub _hub = new();
    private readonly string _folder = Directory.CreateTempSubdirectory("fathom-pull-").FullName;

    private Dictionary<string, string> Variables => new() { ["HF_ENDPOINT"] = _hub.Endpoint, ["HF_HUB_CACHE"] = _folder, ["XDG_CONFIG_HOME"] = _folder };

    public ValueTask InitializeAsync()
    {
        _hub.Add(new FakeRepository("owner/tiny", FakeFile.Text("config.json", "{}"), FakeFile.Text("tokenizer.json", "{\"t\":1}"), FakeFile.Random("model.safetensors", 30_000, 1)));
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        await _hub.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public void A_model_is_planned_pulled_found_and_removed()
    {
        var plan = Run("models", "pull", "owner/tiny", "--plan", "--json").Json();
        Assert.Equal("fathom.models.plan/1", plan.GetProperty("schema").GetString());
        Assert.Equal(30_009, plan.GetProperty("bytes_to_fetch").GetInt64());

        var pulled = Run("models", "pull", "owner/tiny");
        Assert.Equal(ExitCode.Success, pulled.Code);
        Assert.True(File.Exists(Path.Combine(pulled.Output.Trim(), "model.safetensors")), pulled.Output);
        Assert.Contains("3 files, 30.0 kB", pulled.Error, StringComparison.Ordinal);

        Assert.Equal(pulled.Output, Run("models", "path", "owner/tiny").Output);
        var listed = Run("models", "list", "--cached", "--json").Json().GetProperty("models");
        Assert.Equal("owner/tiny", Assert.Single(listed.EnumerateArray()).GetProperty("name").GetString());
        Run("models", "rm", "owner/tiny").Failed(ExitCode.Usage, "--yes");
        Assert.Equal(ExitCode.Success, Run("models", "rm", "owner/tiny", "--yes").Code);
        Run("models", "path", "owner/tiny").Failed(ExitCode.NotFound, "fathom models pull owner/tiny");
    }

    [Fact]
    public void A_repository_that_is_not_there_exits_with_3() => Run("models", "pull", "owner/nothing").Failed(ExitCode.NotFound, "owner/nothing");

    [Fact]
    public void A_checkpoint_and_a_revision_contradict_each_other() =>
        Run("models", "pull", "pythia-70m", "--checkpoint", "3000", "--revision", "main").Failed(ExitCode.Usage, "--checkpoint and --revision");

    [Fact]
    public void A_checkpoint_that_was_never_saved_names_the_nearest() => Run("models", "pull", "pythia-70m", "--checkpoint", "3001").Failed(ExitCode.NotFound, "3000");

    // As with a pipe for input: nobody can be asked.
    private CliRun Run(params string[] line) => CliRun.Of(line, input: "", variables: Variables);
}
