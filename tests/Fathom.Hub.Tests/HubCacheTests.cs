namespace Fathom.Hub.Tests;

public sealed class HubCacheTests : IDisposable
{
    private const string Commit = "0123456789abcdef0123456789abcdef01234567";
    private const string Etag = "1111111111111111111111111111111111111111";

    private readonly TemporaryFolder _folder = new();

    private HubCache Cache => new(_folder.Path);

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(null)]
    [InlineData("refs/pr/7")]
    [InlineData("0123456")]
    [InlineData(Commit)]
    public void Finds_what_python_downloaded(string? revision)
    {
        Built().Ref("main").Ref("refs/pr/7").Linked("config.json", "{}", Etag).Linked("sub/deep/a.txt", "hello", new string('2', 64));

        var found = Cache.TryFind("owner/name", revision)!;

        Assert.Equal(["config.json", "sub/deep/a.txt"], found.Files.Select(f => f.Path));
        Assert.Equal("hello", File.ReadAllText(found.File("sub/deep/a.txt").LocalPath));
        Assert.Equal((Commit, 2L), (found.Commit, found.File("config.json").Bytes));
        Assert.Empty(found.Ignored);
    }

    [Fact]
    public void Finds_files_without_links()
    {
        Built().Ref("main").Plain("config.json", "{}").Plain("sub/a.txt", "x");

        Assert.Equal(2, Cache.Find("owner/name").Files.Count);
    }

    [Fact]
    public void Finds_a_moved_repository_under_its_other_name()
    {
        new CacheBuilder(_folder.Path, "models--openai-community--gpt2", Commit).Ref("main").Linked("config.json", "{}", Etag);

        Assert.Equal("openai-community/gpt2", Cache.Find("gpt2-small").RepoId);
    }

    [Fact]
    public void Says_what_is_missing_and_how_to_get_it()
    {
        var error = Assert.Throws<ModelNotCachedException>(() => Cache.Find("pythia-70m", "step3000"));

        Assert.StartsWith($"EleutherAI/pythia-70m at revision 'step3000' is not on this machine (looked in {_folder.Path}). Get it with: "
            + "fathom models pull EleutherAI/pythia-70m --revision step3000 ", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Says_which_shard_is_missing()
    {
        Built().Ref("main").Linked("config.json", "{}", Etag).Plain("model-00001-of-00002.safetensors", "x")
            .Plain("model.safetensors.index.json", """{"weight_map":{"a":"model-00001-of-00002.safetensors","b":"model-00002-of-00002.safetensors"}}""");

        var error = Assert.Throws<ModelNotCachedException>(() => Cache.Find("owner/name", null, FileSelection.Model));

        Assert.Equal(["model-00002-of-00002.safetensors"], error.Missing);
        Assert.Contains("without model-00002-of-00002.safetensors", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("tokenizer.json", "fathom models pull owner/name ")]
    [InlineData("checkpoints/x_7.pth", "fathom models pull owner/name --files all ")]
    public void The_command_fetches_the_file_that_is_missing(string file, string command)
    {
        Built().Ref("main").Linked("config.json", "{}", Etag);

        Assert.Contains("Get it with: " + command, Assert.Throws<ModelNotCachedException>(() => Cache.Find("owner/name").File(file)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Refuses_links_that_leave_the_repository()
    {
        File.WriteAllText(Path.Combine(_folder.Path, "secret"), "s");
        Built().Ref("main").Link("a.txt", "../../../secret").Link("b.txt", "/etc/hostname").Link("c.txt", "../../blobs/absent")
            .Link("loop", "loop").Link("dir", _folder.Path).Linked("config.json", "{}", Etag);

        var found = Cache.Find("owner/name");

        Assert.Equal(["config.json"], found.Files.Select(f => f.Path));
        Assert.Equal(5, found.Ignored.Count);
        Assert.Contains("a.txt: its link leaves the repository's blobs", Assert.Throws<ModelNotCachedException>(() => found.File("a.txt")).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("../../../secret")]
    [InlineData("0123")]
    [InlineData("")]
    public void Ignores_a_ref_that_holds_no_commit(string text)
    {
        Built().Linked("config.json", "{}", Etag).Write("refs/main", text);

        Assert.Null(Cache.TryFind("owner/name"));
    }

    [Theory]
    [InlineData("../main")]
    [InlineData("a..b")]
    [InlineData("/main")]
    [InlineData("a\\b")]
    [InlineData("x.lock")]
    [InlineData("a b")]
    public void Refuses_revisions_that_git_refuses(string revision) =>
        Assert.Contains("Give a branch, a tag, a commit or refs/pr/N.", Assert.Throws<InvalidHubNameException>(() => Cache.TryFind("owner/name", revision)).Message, StringComparison.Ordinal);

    private CacheBuilder Built() => new(_folder.Path, "models--owner--name", Commit);
}
