using Fathom.Hub.Tests.Fakes;

namespace Fathom.Hub.Tests;

public sealed class HubClientTests : IAsyncLifetime
{
    private readonly FakeHub _hub = new();
    private readonly TemporaryFolder _folder = new();

    private HubOptions Options => TestOptions.For(_hub.Endpoint, _folder.Path);

    private FakeRepository Tiny => _hub.Add(new FakeRepository("owner/tiny",
        FakeFile.Text("config.json", "{}"), FakeFile.Text("tokenizer.json", "{\"t\":1}"), FakeFile.Text("README.md", "about"), FakeFile.Random("model.safetensors", 300_000, 1),
        FakeFile.Random("pytorch_model.bin", 300_000, 2), FakeFile.Random("onnx/model.onnx", 1000, 3), FakeFile.Text("vocab.json", "{}"))
    { Revisions = ["main", "step3000", "refs/pr/7"] });

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        await _hub.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Fetches_what_loading_reads_and_nothing_else()
    {
        var tiny = Tiny;
        using var client = new HubClient(Options);

        var snapshot = await client.EnsureAsync("owner/tiny");

        Assert.Equal(["config.json", "model.safetensors", "tokenizer.json"], snapshot.Files.Select(f => f.Path));
        Assert.All(snapshot.Files, f => Assert.Equal(tiny.File(f.Path)!.Bytes, File.ReadAllBytes(f.LocalPath)));
        Assert.Equal(tiny.Commit, snapshot.Commit);
        Assert.Equal(1, _hub.StorageGets);
    }

    [Fact]
    public async Task Asks_once_and_then_takes_what_is_here()
    {
        _ = Tiny;
        using var client = new HubClient(Options);
        await client.EnsureAsync("owner/tiny");
        var asked = _hub.Seen.Count;

        await client.EnsureAsync("owner/tiny");
        var pinned = await client.EnsureAsync("owner/tiny", Tiny.Commit);

        Assert.Equal(asked + 1, _hub.Seen.Count);
        Assert.Equal(3, pinned.Files.Count);
        Assert.Equal(3, client.Cache.Find("owner/tiny").Files.Count);
    }

    [Theory]
    [InlineData("step3000")]
    [InlineData("refs/pr/7")]
    public async Task Fetches_a_revision_and_remembers_its_commit(string revision)
    {
        _ = Tiny;
        using var client = new HubClient(Options);

        await client.EnsureAsync("owner/tiny", revision);

        Assert.NotNull(client.Cache.TryFind("owner/tiny", revision, FileSelection.Model));
        Assert.Null(client.Cache.TryFind("owner/tiny"));
    }

    [Fact]
    public async Task Reports_progress_up_to_the_last_byte()
    {
        _ = Tiny;
        using var client = new HubClient(Options);
        var reports = new List<HubProgress>();

        await client.EnsureAsync("owner/tiny", progress: new Recorder(reports));

        var last = reports.MaxBy(r => r.FilesDone)!;
        Assert.Equal((3, 3, 1.0), (last.FilesDone, last.FileCount, last.Fraction));
        Assert.Equal(300_009, last.TotalBytes);
    }

    private sealed class Recorder(List<HubProgress> reports) : IProgress<HubProgress>
    {
        public void Report(HubProgress value)
        {
            lock (reports)
            {
                reports.Add(value);
            }
        }
    }
}
