using Fathom.Hub.Tests.Fakes;

namespace Fathom.Hub.Tests;

public sealed class HostileHubTests : HubFixture
{
    [Theory]
    [InlineData("../../../evil")]
    [InlineData("..\\evil")]
    [InlineData("/etc/cron.d/evil")]
    [InlineData("C:/evil")]
    [InlineData("a/../../evil")]
    [InlineData("a//evil")]
    [InlineData("./evil")]
    [InlineData(".cache/evil")]
    [InlineData("\\\\server\\evil")]
    [InlineData("a/b\\u0000evil")]
    [InlineData("a/\\u001b[2Jevil")]
    public async Task Refuses_a_files_name_that_leaves_its_folder(string path)
    {
        Hub.AtHub = Faults.Listing(l => l.Replace("tokenizer.json", path.Replace("\\u", "§", StringComparison.Ordinal).Replace("\\", "\\\\", StringComparison.Ordinal).Replace("§", "\\u", StringComparison.Ordinal), StringComparison.Ordinal));

        AssertSays(await Fails<InvalidHubNameException>(selection: FileSelection.All), "The file name '", " has ", "Do not use this repository");
        AssertClean();
    }

    [Theory]
    [InlineData("../../../../evil")]
    [InlineData("0123456789ABCDEF0123456789abcdef01234567")]
    [InlineData("0123")]
    [InlineData("")]
    public async Task Refuses_a_hash_that_is_none(string etag)
    {
        Hub.AtHub = Faults.Listing(l => l.Replace(Weights.Etag, etag, StringComparison.Ordinal));

        AssertSays(await Fails<HubIntegrityException>(), "model.safetensors: the hub's description has the hash '");
        AssertClean();
    }

    [Theory]
    [InlineData("../../../../evil")]
    [InlineData("\"x/../y\"")]
    public async Task Refuses_a_hash_in_a_header_that_is_none(string etag)
    {
        Hub.AtHub = Faults.Any(Faults.Listing(_ => $$"""{"sha":"{{Model.Commit}}","siblings":[{"rfilename":"config.json"},{"rfilename":"model.safetensors"}]}"""), Faults.Header("X-Linked-Etag", etag));

        AssertSays(await Fails<HubIntegrityException>(), "the hub's description has the hash '");
        AssertClean();
    }

    [Theory]
    [InlineData("../../evil")]
    [InlineData("main")]
    public async Task Refuses_a_commit_that_is_none(string commit)
    {
        Hub.AtHub = Faults.Listing(l => l.Replace(Model.Commit, commit, StringComparison.Ordinal));

        AssertSays(await Fails<HubIntegrityException>(), "no commit of 40 digits");
        AssertClean();
    }

    [Fact]
    public async Task Refuses_another_commit_than_the_one_asked_for()
    {
        Hub.AtHub = Faults.Listing(l => l.Replace(Model.Commit, new string('a', 40), StringComparison.Ordinal));

        AssertSays(await Fails<HubIntegrityException>(revision: Model.Commit), "another commit");
    }

    [Fact]
    public async Task Refuses_a_file_that_changed_its_hash_on_the_way()
    {
        Hub.AtHub = Faults.Header("X-Linked-Etag", $"\"{new string('b', 64)}\"");

        AssertSays(await Fails<HubIntegrityException>(), "and now offers another");
        AssertClean();
    }

    [Fact]
    public async Task Stops_at_a_redirect_loop()
    {
        Hub.AtHub = Faults.Redirect(c => c.Request.Path);

        AssertSays(await Fails<HubIntegrityException>(), "redirects more than 5 times");
    }

    [Theory]
    [InlineData("http://example.invalid/x?X-Amz-Signature=secret-signature")]
    [InlineData("file:///etc/passwd")]
    [InlineData("ftp://127.0.0.1/x")]
    public async Task Follows_no_redirect_to_anything_but_https(string target)
    {
        Hub.AtHub = (context, honest) => context.Request.Path.Value!.Contains("/resolve/", StringComparison.Ordinal) ? Faults.Redirect(_ => target)(context, honest) : Task.FromResult(false);

        var error = await Fails<HubIntegrityException>();

        AssertSays(error, "which is not https");
        Assert.DoesNotContain("secret-signature", error.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://huggingface.co")]
    [InlineData("http://10.0.0.1:8080")]
    public void Takes_no_endpoint_without_https_except_this_machine(string endpoint) =>
        AssertSays(Assert.Throws<HubSettingException>(() => new HubClient(TestOptions.For(endpoint, Folder.Path)).Dispose()), "HF_ENDPOINT: expected an https address (http only on this machine itself)");

    [Theory]
    [InlineData("<html>login</html>", "no valid JSON")]
    [InlineData("{\"sha\":\"x\",\"sha\":\"y\"}", "no valid JSON")]
    [InlineData("[]", "no commit")]
    [InlineData("{}", "no commit")]
    [InlineData("{\"sha\":\"0123456789abcdef0123456789abcdef01234567\"}", "no list of files")]
    [InlineData("{\"sha\":\"0123456789abcdef0123456789abcdef01234567\",\"siblings\":[{}]}", "a file without a name")]
    [InlineData("{\"sha\":\"0123456789abcdef0123456789abcdef01234567\",\"siblings\":[{\"rfilename\":\"config.json\",\"size\":-1}]}", "a length of -1")]
    public async Task Refuses_a_description_that_is_none(string answer, string reason)
    {
        Hub.AtHub = Faults.Listing(_ => answer);

        AssertSays(await Fails<HubIntegrityException>(), reason);
    }

    [Fact]
    public async Task Refuses_an_endless_description()
    {
        var listing = new string(' ', 70 << 20);
        Hub.AtHub = Faults.Listing(_ => listing);

        AssertSays(await Fails<HubIntegrityException>(), "longer than 67,108,864 bytes");
    }

    [Fact]
    public async Task Shows_no_control_characters_of_the_hubs_in_a_message()
    {
        Hub.AtHub = Faults.Status(403, ("X-Error-Message", "gone\t\tdisabled"));

        Assert.DoesNotContain('\t', (await Fails<HubAccessException>()).Message);
        Assert.Equal("'a\\u001B[2J\\u202Eb'", Quoted.Text("a\u001b[2J\u202eb"));
    }

    [Fact]
    public async Task Refuses_an_index_that_smuggles_other_files()
    {
        foreach (var (shard, reason) in new[] { ("../../evil.safetensors", "has an empty part, '.' or '..'"), ("model.bin", "does not end with .safetensors"), ("/etc/x.safetensors", "has a root or a drive") })
        {
            Hub.Add(new FakeRepository("owner/sharded", FakeFile.Text("config.json", "{}"), FakeFile.Text("model.safetensors.index.json", $$"""{"weight_map":{"a":"{{shard}}"} }""")));
            AssertSays(await Fails<HubIntegrityException>(name: "owner/sharded"), "The index 'model.safetensors.index.json' cannot be trusted", reason);
            Directory.Delete(Path.Combine(Folder.Path, "models--owner--sharded"), recursive: true);
        }
    }

    [Fact]
    public async Task Writes_through_no_link_that_was_planted_in_the_cache()
    {
        var outside = Directory.CreateDirectory(Path.Combine(Folder.Path, "outside")).FullName;
        Hub.Add(new FakeRepository("owner/deep", FakeFile.Text("sub/config.json", "{}")) { Commit = Model.Commit });
        var snapshot = Directory.CreateDirectory(Path.Combine(Folder.Path, "models--owner--deep", "snapshots", Model.Commit)).FullName;
        Directory.CreateSymbolicLink(Path.Combine(snapshot, "sub"), outside);

        AssertSays(await Fails<HubIntegrityException>(name: "owner/deep", selection: FileSelection.All), "leads out of the cache through a link");
        Assert.Empty(Directory.GetFileSystemEntries(outside));
    }

    [Fact]
    public async Task Takes_no_planted_link_for_a_blob_or_a_lock()
    {
        var secret = Path.Combine(Folder.Path, "secret");
        await File.WriteAllTextAsync(secret, "untouched");
        Directory.CreateDirectory(Path.GetDirectoryName(BlobFile)!);
        File.CreateSymbolicLink(BlobFile, secret);
        AssertRight(await Fetch());
        Assert.Null(new FileInfo(BlobFile).LinkTarget);

        Directory.Delete(Path.Combine(Folder.Path, "models--owner--tiny"), recursive: true);
        var locks = Path.Combine(Folder.Path, ".locks", "models--owner--tiny", Weights.Etag + ".lock");
        File.Delete(locks);
        File.CreateSymbolicLink(locks, secret);
        AssertSays(await Fails<HubIntegrityException>(), "is a link, which no client makes");
        Assert.Equal("untouched", await File.ReadAllTextAsync(secret));
    }

    private void AssertClean()
    {
        Assert.Empty(Directory.EnumerateFiles(Path.GetDirectoryName(Folder.Path)!, "evil*", new EnumerationOptions()));
        Assert.DoesNotContain(Directory.EnumerateFiles(Folder.Path, "*", SearchOption.AllDirectories), f => f.Contains("evil", StringComparison.Ordinal) || f.Contains("/refs/", StringComparison.Ordinal));
    }
}
