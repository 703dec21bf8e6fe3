using System.Globalization;
using Fathom.Hub.Tests.Fakes;
using Microsoft.AspNetCore.Http;

namespace Fathom.Hub.Tests;

public sealed class HubProtocolTests : HubFixture
{
    private const string Marked = "hf_MARKED-TOKEN";

    private HubOptions WithToken => Options with { Token = new HubToken(Marked) };

    [Fact]
    public async Task Sends_the_token_to_the_hub_and_to_nobody_else()
    {
        AssertRight(await Fetch(WithToken));

        Assert.All(Hub.Seen.Where(r => r.AtHub), r => Assert.Equal("Bearer " + Marked, r.Authorization));
        Assert.All(Hub.Seen.Where(r => !r.AtHub), r => Assert.Null(r.Authorization));
        Assert.NotEqual(0, Hub.StorageGets);
    }

    [Fact]
    public async Task Sends_no_token_back_to_the_hub_once_a_redirect_left_it()
    {
        // The storage bounces to the hub, as a page would that wants the token used on its behalf.
        Hub.AtStorage = Faults.First(1, Faults.Redirect(_ => $"{Hub.Endpoint}/{Id}/resolve/main/model.safetensors"));

        AssertRight(await Fetch(WithToken));

        Assert.Contains(Hub.Seen, r => r.AtHub && r.Path.EndsWith("resolve/main/model.safetensors", StringComparison.Ordinal) && r.Authorization is null);
    }

    [Fact]
    public async Task Keeps_the_token_on_a_redirect_within_the_hub()
    {
        Hub.AtHub = Faults.First(1, Faults.Redirect(c => c.Request.Path + "?moved=1"), HttpMethods.Get);

        AssertRight(await Fetch(WithToken));

        Assert.All(Hub.Seen.Where(r => r.AtHub), r => Assert.NotNull(r.Authorization));
    }

    [Fact]
    public async Task Sends_no_cookie_anywhere()
    {
        Hub.AtHub = Faults.Header("Set-Cookie", "session=1");

        await Fetch();

        Assert.All(Hub.Seen, r => Assert.Null(r.Cookie));
    }

    [Fact]
    public async Task Follows_a_renamed_repository_and_keeps_the_asked_name()
    {
        Hub.Add(new FakeRepository("old/name") { MovedTo = Id });

        var snapshot = await Fetch(name: "old/name");

        AssertRight(snapshot);
        Assert.Equal("old/name", snapshot.RepoId);
        Assert.NotNull(new HubCache(Folder.Path).TryFind("old/name", null, FileSelection.Model));
    }

    [Fact]
    public async Task Takes_a_model_that_another_program_fetched_under_its_other_name()
    {
        Hub.Add(new FakeRepository("gpt2") { MovedTo = "openai-community/gpt2" });
        Model = Hub.Add(new FakeRepository("openai-community/gpt2", FakeFile.Text("config.json", "{}"), Weights));
        await Fetch(name: "openai-community/gpt2");

        Assert.Equal("openai-community/gpt2", (await Fetch(name: "gpt2-small")).RepoId);
        Assert.Equal(1, Hub.StorageGets);
    }

    [Fact]
    public async Task Says_how_to_get_a_gated_model()
    {
        Hub.Add(Model with { Token = "hf_right", IsGated = true });

        AssertSays(await Fails<GatedRepositoryException>(), "owner/tiny is gated", $"1. Open {Hub.Endpoint}/owner/tiny", "2. Make a token", "set HF_TOKEN", "3. fathom models pull owner/tiny");
        AssertSays(await Fails<GatedRepositoryException>(WithToken), "2. Check that the token");
        AssertRight(await Fetch(Options with { Token = new HubToken("hf_right") }));
    }

    [Fact]
    public async Task Says_when_the_token_is_bad()
    {
        Hub.Add(Model with { Token = "hf_right" });

        AssertSays(await Fails<HubAccessException>(WithToken), "does not accept the token", "Invalid credentials", "req-1", "unset HF_TOKEN");
    }

    [Fact]
    public async Task Reads_the_token_file_again_after_401()
    {
        Hub.Add(Model with { Token = "hf_right" });
        var file = Path.Combine(Folder.Path, "token");
        await File.WriteAllTextAsync(file, "hf_old\n");
        using var client = new HubClient(Options with { TokenFile = file });
        await File.WriteAllTextAsync(file, "hf_right\n");

        AssertRight(await client.EnsureAsync(Id));
    }

    [Fact]
    public async Task Suggests_a_name_for_a_repository_that_is_not_there()
    {
        AssertSays(await Fails<RepositoryNotFoundException>(name: "EleutherAI/pythia-70"), "The hub shows no model EleutherAI/pythia-70.", "Did you mean ", "pythia-70m", "set HF_TOKEN");
        AssertSays(await Fails<RepositoryNotFoundException>(name: "llama-7b"), "never published there", "folder's path");
    }

    [Fact]
    public async Task Says_which_revision_is_not_there() =>
        AssertSays(await Fails<RevisionNotFoundException>(revision: "step7"), "owner/tiny has no revision 'step7'", "without --revision you get 'main'");

    [Fact]
    public async Task Remembers_that_a_file_is_not_there_as_python_does()
    {
        using var client = new HubClient(Options);

        var error = await Assert.ThrowsAsync<HubFileNotFoundException>(() => client.EnsureFileAsync(Id, "generation_config.json"));

        AssertSays(error, "owner/tiny at 'main' has no 'generation_config.json'");
        Assert.Equal(0, new FileInfo(Path.Combine(Folder.Path, "models--owner--tiny", ".no_exist", Model.Commit, "generation_config.json")).Length);
        Assert.Equal("{}", await File.ReadAllTextAsync((await client.EnsureFileAsync(Id, "config.json")).LocalPath));
    }

    [Theory]
    [InlineData("RateLimit", "\"api\";r=0;t=0")]
    [InlineData("Retry-After", "1")]
    public async Task Waits_as_long_as_a_rate_limit_asks(string header, string value)
    {
        Hub.AtHub = Faults.First(1, Faults.Status(429, (header, value)));
        var begin = TimeProvider.System.GetTimestamp();

        AssertRight(await Fetch());

        Assert.InRange(TimeProvider.System.GetElapsedTime(begin).TotalSeconds, 0.95, 5);
    }

    [Fact]
    public async Task Measures_a_date_against_the_hubs_own_clock()
    {
        // The hub's clock is ten years behind; a wait measured here would be over or endless.
        var there = DateTimeOffset.UtcNow.AddYears(-10);
        Hub.AtHub = Faults.First(1, Faults.Status(429, ("Date", there.ToString("R", CultureInfo.InvariantCulture)), ("Retry-After", there.AddSeconds(1).ToString("R", CultureInfo.InvariantCulture))));
        var begin = TimeProvider.System.GetTimestamp();

        AssertRight(await Fetch());

        Assert.InRange(TimeProvider.System.GetElapsedTime(begin).TotalSeconds, 0.95, 5);
    }

    [Fact]
    public async Task Says_when_a_rate_limit_lasts_too_long()
    {
        Hub.AtHub = Faults.Status(429, ("RateLimit", "\"api\";r=0;t=9000"));

        AssertSays(await Fails<HubRateLimitException>(), "it allows the next one in 9001 seconds", "A token (HF_TOKEN) raises the limit");
    }

    [Fact]
    public async Task Follows_a_mirror_that_points_to_the_hub()
    {
        await using var mirror = new FakeHub { AtHub = Faults.Redirect(c => Hub.Endpoint + c.Request.Path + c.Request.QueryString) };

        AssertRight(await Fetch(TestOptions.For(mirror.Endpoint, Folder.Path) with { Token = new HubToken(Marked) }));

        Assert.All(Hub.Seen, r => Assert.Null(r.Authorization));
    }

    [Fact]
    public async Task Asks_file_by_file_when_a_mirror_lists_no_hashes()
    {
        Hub.AtHub = Faults.Listing(_ => $$"""{"id":"{{Id}}","sha":"{{Model.Commit}}","siblings":[{"rfilename":"config.json"},{"rfilename":"model.safetensors"}]}""");

        AssertRight(await Fetch());

        Assert.Equal(2, Hub.Seen.Count(r => r.Method == "HEAD"));
    }

    [Fact]
    public async Task Goes_through_a_proxy()
    {
        // A proxy sees whole addresses; the fake hub answers them as its own.
        AssertRight(await Fetch(TestOptions.For("http://localhost:9", Folder.Path) with { Proxy = new Uri(Hub.Endpoint) }, selection: FileSelection.Only("config.json")));
    }

    [Fact]
    public async Task Uses_the_copy_here_when_the_hub_cannot_be_reached()
    {
        await Fetch();

        var snapshot = await Fetch(TestOptions.For("http://127.0.0.1:9", Folder.Path));

        AssertRight(snapshot);
        Assert.Contains("Using the copy on this machine", snapshot.Notice!, StringComparison.Ordinal);
        AssertSays(await Fails<HubUnreachableException>(TestOptions.For("http://127.0.0.1:9", Folder.Path), "owner/other"), "Cannot reach http://127.0.0.1:9", "HTTPS_PROXY", "HF_ENDPOINT", "HF_HUB_OFFLINE=1");
    }

    [Fact]
    public async Task Opens_no_connection_in_offline_mode()
    {
        await Fetch();
        var seen = Hub.Seen.Count;
        var offline = Options with { Offline = true };

        AssertRight(await Fetch(offline));
        AssertSays(await Fails<ModelNotCachedException>(offline, "pythia-70m"), "EleutherAI/pythia-70m is not on this machine", "HF_HUB_OFFLINE is set, so nothing is fetched: unset it, then get the model with: fathom models pull EleutherAI/pythia-70m");
        using var client = new HubClient(offline);
        await Assert.ThrowsAsync<HubSettingException>(() => client.SearchAsync("gpt"));
        await Assert.ThrowsAsync<HubSettingException>(() => client.PlanAsync(Id));

        Assert.Equal(seen, Hub.Seen.Count);
    }

    [Fact]
    public async Task Plans_and_searches()
    {
        using var client = new HubClient(Options);
        await client.EnsureAsync(Id, selection: FileSelection.Configuration);

        var plan = await client.PlanAsync(Id);
        var found = Assert.Single(await client.SearchAsync("TINY"));

        Assert.Equal((400_009, 400_000), (plan.TotalBytes, plan.BytesToFetch));
        Assert.Equal((Id, 7, false), (found.RepoId, found.Downloads, found.IsGated));
    }
}
