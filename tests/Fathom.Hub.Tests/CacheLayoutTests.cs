using Fathom.Hub.Tests.Fakes;

namespace Fathom.Hub.Tests;

/// <summary>The cache is the one that Python's <c>huggingface_hub</c> reads and writes.</summary>
public sealed class CacheLayoutTests : HubFixture
{
    private string Root => Path.Combine(Folder.Path, "models--owner--tiny");

    [Fact]
    public async Task Writes_blobs_refs_links_and_locks_where_python_looks()
    {
        Model = Hub.Add(new FakeRepository(Id, FakeFile.Text("config.json", "{}"), FakeFile.Text("a/b/c.json", "{\"c\":1}"), Weights) { Revisions = ["main", "refs/pr/7"] });
        await Fetch(selection: FileSelection.All);
        await Fetch(selection: FileSelection.All, revision: "refs/pr/7");

        CacheWalk.AssertRight(Folder.Path, Model);
        Assert.Equal(3, Directory.GetFiles(Path.Combine(Root, "blobs")).Length);
        Assert.Equal(Model.Commit, await File.ReadAllTextAsync(Path.Combine(Root, "refs", "main")));
        Assert.Equal(Model.Commit, await File.ReadAllTextAsync(Path.Combine(Root, "refs", "refs", "pr", "7")));
        Assert.Equal("../../../../blobs/" + Model.File("a/b/c.json")!.Etag, new FileInfo(Path.Combine(Root, "snapshots", Model.Commit, "a", "b", "c.json")).LinkTarget);
        Assert.True(File.Exists(Path.Combine(Folder.Path, ".locks", "models--owner--tiny", Weights.Etag + ".lock")));
        Assert.StartsWith("Signature: 8a477f597d28d172789f06886806bc55", await File.ReadAllTextAsync(Path.Combine(Folder.Path, "CACHEDIR.TAG")), StringComparison.Ordinal);
        Assert.DoesNotContain(Directory.GetFileSystemEntries(Root), e => e.EndsWith(".tmp", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Writes_the_files_themselves_where_links_are_off()
    {
        AssertRight(await Fetch(Options with { UseSymlinks = false }));

        CacheWalk.AssertRight(Folder.Path, Model, links: false);
        Assert.Empty(Directory.GetFiles(Path.Combine(Root, "blobs")));
        AssertRight(new HubCache(Folder.Path).Find(Id, null, FileSelection.Model));
    }

    [Fact]
    public async Task Copies_an_unchanged_file_into_a_later_revision_where_links_are_off()
    {
        await Fetch(Options with { UseSymlinks = false });
        Model = Hub.Add(Model with { Commit = new string('e', 40) });

        AssertRight(await Fetch(Options with { UseSymlinks = false }));

        Assert.Equal(1, Hub.StorageGets);
        Assert.Equal(2, Directory.GetDirectories(Path.Combine(Root, "snapshots")).Length);
    }

    [Fact]
    public async Task Reads_a_cache_written_with_links_where_they_are_off_and_the_other_way_round()
    {
        await Fetch();
        AssertRight(await Fetch(Options with { UseSymlinks = false }));
        Directory.Delete(Root, recursive: true);
        await Fetch(Options with { UseSymlinks = false });
        AssertRight(await Fetch());

        Assert.Equal(2, Hub.StorageGets);
    }

    [Fact]
    public async Task Shares_a_blob_between_revisions()
    {
        await Fetch();
        Model = Hub.Add(Model with { Commit = new string('e', 40) });

        AssertRight(await Fetch());

        Assert.Equal(1, Hub.StorageGets);
        Assert.Equal(new string('e', 40), await File.ReadAllTextAsync(Path.Combine(Root, "refs", "main")));
    }

    [Fact]
    public async Task Leaves_main_at_the_old_commit_until_the_new_one_is_whole()
    {
        var old = Model.Commit;
        await Fetch();
        Hub.Add(new FakeRepository(Id, FakeFile.Text("config.json", "{}"), FakeFile.Random("model.safetensors", 1000, 9)) { Commit = new string('e', 40) });
        Hub.AtStorage = Faults.Status(500);

        await Fails<HubTransferException>();

        AssertRight(new HubCache(Folder.Path).Find(Id, null, FileSelection.Model));
        Assert.Equal(old, await File.ReadAllTextAsync(Path.Combine(Root, "refs", "main")));
    }

    [Fact]
    public async Task Fetches_again_what_was_cut_short_on_the_disk()
    {
        await Fetch();
        using (var blob = new FileStream(BlobFile, FileMode.Open))
        {
            blob.SetLength(1000);
        }

        AssertRight(await Fetch());
    }

    [Fact]
    public async Task Takes_over_what_a_killed_process_left_but_not_what_a_living_one_writes()
    {
        var blobs = Directory.CreateDirectory(Path.GetDirectoryName(BlobFile)!).FullName;
        var (dead, living, wrong) = (Path.Combine(blobs, Weights.Etag + ".00000001.incomplete"), Path.Combine(blobs, Weights.Etag + ".00000002.incomplete"), Path.Combine(blobs, Weights.Etag + ".incomplete"));
        await File.WriteAllBytesAsync(dead, Weights.Bytes[..100_000]);
        File.SetLastWriteTimeUtc(dead, DateTime.UtcNow.AddMinutes(-1));
        await File.WriteAllBytesAsync(living, Weights.Bytes[..200_000]);
        await File.WriteAllTextAsync(wrong, "an older Python's shared file");
        File.SetLastWriteTimeUtc(wrong, DateTime.UtcNow.AddMinutes(-1));

        AssertRight(await Fetch());

        Assert.Equal("bytes=100000-", Assert.Single(Hub.Seen, r => !r.AtHub).Range);
        Assert.Equal((false, true, true), (File.Exists(dead), File.Exists(living), File.Exists(wrong)));
    }

    [Fact]
    public async Task Does_not_trust_what_a_killed_process_left()
    {
        var blobs = Directory.CreateDirectory(Path.GetDirectoryName(BlobFile)!).FullName;
        var dead = Path.Combine(blobs, Weights.Etag + ".00000001.incomplete");
        await File.WriteAllBytesAsync(dead, new byte[100_000]);
        File.SetLastWriteTimeUtc(dead, DateTime.UtcNow.AddMinutes(-1));

        AssertRight(await Fetch());
    }
}
