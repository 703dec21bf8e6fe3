using Fathom.Hub.Tests.Fakes;

namespace Fathom.Hub.Tests;

public sealed class ManyProcessesTests : HubFixture
{
    private const int Lanes = 4;

    // Each kill costs a process; the full count runs where CI=true.
    private static readonly int Kills = Environment.GetEnvironmentVariable("CI") == "true" ? 52 : 16;

    [Fact]
    public async Task Two_processes_and_eight_tasks_on_one_blob_make_one_download()
    {
        Hub.AtStorage = Slow(1500);
        using var client = new HubClient(Options);
        using var first = SecondProcess.Start(Hub.Endpoint, Folder.Path, Id);
        using var second = SecondProcess.Start(Hub.Endpoint, Folder.Path, Id);
        while (Hub.StorageGets == 0)
        {
            await Task.Delay(5);
        }

        var snapshots = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => client.EnsureAsync(Id, selection: FileSelection.All))));
        await Task.WhenAll(first.WaitForExitAsync(), second.WaitForExitAsync());

        Assert.Equal((0, 0), (first.ExitCode, second.ExitCode));
        Assert.All(snapshots, AssertRight);
        Assert.Equal(1, Hub.StorageGets);
        CacheWalk.AssertRight(Folder.Path, Model);
    }

    [Fact]
    public async Task Kills_at_random_moments_leave_nothing_wrong_and_then_it_succeeds() => await Task.WhenAll(Enumerable.Range(0, Lanes).Select(Lane));

    private static async Task Lane(int lane)
    {
        await using var hub = new FakeHub { AtStorage = Slow(120) };
        using var folder = new TemporaryFolder();
        var model = hub.Add(new FakeRepository("owner/killed", [FakeFile.Text("config.json", "{}"), FakeFile.Text("sub/tokenizer.json", "{}"), .. Enumerable.Range(0, 10).Select(i => FakeFile.Random($"w{i}.safetensors", 50_000 + (i * 20_000), i))]));
        var random = new Random(lane);
        for (var kill = 0; kill < Kills / Lanes; kill++)
        {
            // A quarter dies around its first question, the others while files stream and are put in place.
            Func<int> asked = random.Next(4) == 0 ? () => hub.Seen.Count : () => hub.StorageGets;
            var before = asked();
            using var process = SecondProcess.Start(hub.Endpoint, folder.Path, model.Id);
            while (asked() == before && !process.HasExited)
            {
                await Task.Delay(2);
            }

            await Task.Delay(random.Next(350));
            process.Kill();
            await process.WaitForExitAsync();
            CacheWalk.AssertRight(folder.Path, model);
            var whole = Count(folder.Path, "w*.safetensors");
            TestContext.Current.TestOutputHelper!.WriteLine($"killed with {whole} of 10 files whole, {Count(folder.Path, "*.incomplete")} on their way");
            if (whole == 10)
            {
                Directory.Delete(Path.Combine(folder.Path, "models--owner--killed"), recursive: true);
            }
            else if (random.Next(2) == 0)
            {
                // As if the next attempt came later: what was left is then taken over.
                Age(folder.Path);
            }
        }

        Age(folder.Path);
        using var client = new HubClient(TestOptions.For(hub.Endpoint, folder.Path));
        Assert.Equal(12, (await client.EnsureAsync(model.Id, selection: FileSelection.All)).Files.Count);
        CacheWalk.AssertRight(folder.Path, model);
        client.Cache.RemoveUnfinished();
        Assert.Equal(0, Assert.Single(client.Cache.Repositories()).UnfinishedBytes);
    }

    private static int Count(string folder, string pattern) => Directory.GetFiles(folder, pattern, SearchOption.AllDirectories).Length;

    private static void Age(string folder)
    {
        foreach (var left in Directory.GetFiles(folder, "*.incomplete", SearchOption.AllDirectories))
        {
            File.SetLastWriteTimeUtc(left, DateTime.UtcNow.AddHours(-1));
        }
    }

    /// <summary>Spreads a body over some time.</summary>
    private static Fault Slow(int milliseconds) => async (context, honest) =>
    {
        var wire = context.Response.Body;
        using var memory = new MemoryStream();
        context.Response.Body = memory;
        await honest();
        context.Response.Body = wire;
        var body = memory.ToArray();
        for (var i = 0; i < 10; i++)
        {
            var (from, to) = (body.Length * i / 10, body.Length * (i + 1) / 10);
            await wire.WriteAsync(body.AsMemory(from, to - from));
            await wire.FlushAsync();
            await Task.Delay(milliseconds / 10);
        }

        return true;
    };
}
