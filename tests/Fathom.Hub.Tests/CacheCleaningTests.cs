using Fathom.Hub.Tests.Fakes;

namespace Fathom.Hub.Tests;

public sealed class CacheCleaningTests : HubFixture
{
    private HubCache Cache => new(Folder.Path);

    [Fact]
    public async Task Lists_models_with_the_room_they_take()
    {
        await Fetch();
        await File.WriteAllBytesAsync(BlobFile + ".00000001.incomplete", new byte[10]);

        var model = Assert.Single(Cache.Repositories());

        var revision = Assert.Single(model.Revisions);
        Assert.Equal((Id, 400_019, 10), (model.RepoId, model.Bytes, model.UnfinishedBytes));
        Assert.Equal((Model.Commit, 3, 400_009), (revision.Commit, revision.FileCount, revision.Bytes));
        Assert.Equal(["main"], revision.Refs);
    }

    [Fact]
    public void Lists_nothing_where_there_is_no_cache() => Assert.Empty(new HubCache(Path.Combine(Folder.Path, "absent")).Repositories());

    [Fact]
    public async Task Removes_a_model()
    {
        await Fetch();

        var removal = Cache.Remove(Id);

        Assert.Equal((Id, 400_009), (removal.RepoId, removal.BytesFreed));
        Assert.Null(Cache.TryFind(Id));
        Assert.Contains("fathom models pull owner/tiny", Assert.Throws<ModelNotCachedException>(() => Cache.Remove(Id)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Removes_one_revision_and_keeps_what_another_shows()
    {
        await Fetch();
        var old = Model.Commit;
        Model = Hub.Add(new FakeRepository(Id, FakeFile.Text("config.json", "{\"new\":1}"), FakeFile.Text("tokenizer.json", "{\"t\":1}"), Weights) { Commit = new string('e', 40) });
        await Fetch();

        var removal = Cache.Remove(Id, old);

        Assert.Equal(2, removal.BytesFreed);
        AssertRight(Cache.Find(Id, null, FileSelection.Model));
        CacheWalk.AssertRight(Folder.Path, Model);
    }

    [Fact]
    public async Task Removes_nothing_while_a_download_is_under_way()
    {
        await Fetch();
        using (Storage.FileLock.TryAcquire(Path.Combine(Folder.Path, ".locks", "models--owner--tiny", Weights.Etag + ".lock")))
        {
            AssertSays(Assert.Throws<CacheInUseException>(() => Cache.Remove(Id)), "owner/tiny is being downloaded by some process", "Wait for it or stop it");
        }

        Cache.Remove(Id);
    }

    [Fact]
    public async Task Removes_what_unfinished_downloads_left()
    {
        await Fetch();
        await File.WriteAllBytesAsync(BlobFile + ".00000001.incomplete", new byte[10]);

        Assert.Equal(10, Cache.RemoveUnfinished());
        AssertRight(Cache.Find(Id, null, FileSelection.Model));
    }

    [Fact]
    public async Task Removing_follows_no_link_out_of_the_cache()
    {
        await Fetch();
        var outside = Directory.CreateDirectory(Path.Combine(Folder.Path, "outside")).FullName;
        await File.WriteAllTextAsync(Path.Combine(outside, "precious"), "p");
        Directory.CreateSymbolicLink(Path.Combine(Folder.Path, "models--owner--tiny", "snapshots", Model.Commit, "dir"), outside);

        Cache.Remove(Id);

        Assert.True(File.Exists(Path.Combine(outside, "precious")));
    }

    [Fact]
    public async Task Finds_the_file_whose_bits_changed()
    {
        var snapshot = await Fetch();
        Assert.Empty(HubCache.Verify(snapshot));
        using (var blob = new FileStream(BlobFile, FileMode.Open))
        {
            blob.WriteByte((byte)(Weights.Bytes[0] ^ 1));
        }

        Assert.Equal("model.safetensors", Assert.Single(HubCache.Verify(snapshot)).Path);
    }
}
