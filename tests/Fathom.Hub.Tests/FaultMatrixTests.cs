using System.Collections.Concurrent;
using Fathom.Hub.Tests.Fakes;

namespace Fathom.Hub.Tests;

/// <summary>Downloads from a hub that misbehaves at every second request.</summary>
public sealed class FaultMatrixTests
{
    private const int Lanes = 8;
    private const int Runs = 500;

    // What a message may tell the user to do; one that tells nothing fails.
    private const string Advice = "(run the same command again|Run the same command|Run the command again|[Tt]ry again|try another|Check the network|Do not use this repository|Make a new one|look there|'fathom models |listed at|set HF_TOKEN|Look at)";

    private static readonly Fault[] AtStorage =
    [
        Faults.Drop(0), Faults.Drop(0.01), Faults.Drop(0.5), Faults.Drop(0.99), Faults.Stall(0.5), Faults.Length(-1), Faults.Length(7), Faults.Endless(), Faults.WrongByte(),
        Faults.IgnoreRange(), Faults.WrongRange(), Faults.Hangup(), Faults.Status(429, ("Retry-After", "0")), Faults.Status(401), Faults.Status(403), Faults.Status(404), Faults.Status(410), Faults.Status(416),
        Faults.Status(500), Faults.Status(502), Faults.Status(503, ("Retry-After", "0")), Faults.Status(504), Faults.Redirect(c => c.Request.Path), Faults.Redirect(_ => "http://example.invalid/"), Faults.Header("Content-Encoding", "gzip"),
    ];

    private static readonly Fault[] AtHub =
    [
        .. AtStorage,
        Faults.Listing(l => l.Replace("\"blobId\":\"", "\"blobId\":\"../", StringComparison.Ordinal)), Faults.Listing(l => l.Replace("\"rfilename\":\"", "\"rfilename\":\"../", StringComparison.Ordinal)),
        Faults.Listing(l => l.Replace("\"size\":", "\"size\":1", StringComparison.Ordinal)), Faults.Listing(l => l.Replace("\"sha256\":", "\"other\":", StringComparison.Ordinal)), Faults.Listing(l => l[..(l.Length / 2)]),
        Faults.Header("X-Linked-Etag", new string('c', 64)), Faults.Header("X-Repo-Commit", new string('d', 40)), Faults.Header("Date", "Mon, 01 Jan 2001 00:00:00 GMT"),
    ];

    [Fact]
    public async Task Five_hundred_faulty_downloads_leave_no_wrong_file_and_no_failure_without_advice()
    {
        var outcomes = new ConcurrentDictionary<string, int>();

        await Task.WhenAll(Enumerable.Range(0, Lanes).Select(lane => Task.Run(() => Lane(lane, outcomes))));

        TestContext.Current.TestOutputHelper!.WriteLine(string.Join(", ", outcomes.OrderByDescending(o => o.Value).Select(o => $"{o.Key} {o.Value}")));
        Assert.Equal(Runs, outcomes.Values.Sum());
        Assert.InRange(outcomes["right"], Runs / 10, Runs - 10);
    }

    private static async Task Lane(int lane, ConcurrentDictionary<string, int> outcomes)
    {
        await using var hub = new FakeHub();
        using var folder = new TemporaryFolder();
        var options = TestOptions.For(hub.Endpoint, folder.Path) with { StallTimeout = TimeSpan.FromMilliseconds(80), AnswerTimeout = TimeSpan.FromSeconds(3) };
        for (var run = lane; run < Runs; run += Lanes)
        {
            var random = new Random(run);
            var model = hub.Add(new FakeRepository($"owner/run{run}", [FakeFile.Text("config.json", $"{{\"run\":{run}}}"), .. Enumerable.Range(0, random.Next(1, 4))
                .Select(i => FakeFile.Random($"part{i}/weights.safetensors", random.Next(3) == 0 ? random.Next(3) : random.Next(150_000), run + (1000 * i), random.Next(3) > 0))]));
            hub.AtHub = Sometimes(AtHub, run);
            hub.AtStorage = Sometimes(AtStorage, run);
            using var client = new HubClient(options);
            var outcome = "right";
            try
            {
                var snapshot = await client.EnsureAsync(model.Id, selection: FileSelection.All);
                Assert.Equal(model.Files.Select(f => f.Path).Order(StringComparer.Ordinal), snapshot.Files.Select(f => f.Path));
            }
            catch (HubException e)
            {
                Assert.Matches(Advice, e.Message);
                outcome = e.GetType().Name;
            }

            CacheWalk.AssertRight(folder.Path, model);
            outcomes.AddOrUpdate(outcome, 1, (_, n) => n + 1);
        }
    }

    private static Fault Sometimes(Fault[] faults, int seed)
    {
        var random = new Random(seed);
        return (context, honest) =>
        {
            Fault? fault;
            lock (random)
            {
                fault = random.Next(2) == 0 ? faults[random.Next(faults.Length)] : null;
            }

            return fault is null ? Task.FromResult(false) : fault(context, honest);
        };
    }
}
