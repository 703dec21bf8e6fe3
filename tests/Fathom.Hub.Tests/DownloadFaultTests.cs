using System.Globalization;
using Fathom.Hub.Tests.Fakes;

namespace Fathom.Hub.Tests;

public sealed class DownloadFaultTests : HubFixture
{
    [Fact]
    public async Task Resumes_where_the_connection_broke()
    {
        Hub.AtStorage = Faults.First(2, Faults.Drop(0.5));

        AssertRight(await Fetch());

        var ranges = Hub.Seen.Where(r => !r.AtHub).Select(r => r.Range).ToArray();
        Assert.Null(ranges[0]);
        Assert.Equal(3, ranges.Length);
        Assert.All(ranges[1..], r => Assert.InRange(long.Parse(r!["bytes=".Length..^1], CultureInfo.InvariantCulture), 1, Weights.Bytes.Length));
    }

    [Fact]
    public async Task Resumes_in_the_next_run_what_a_failed_one_left()
    {
        Hub.AtStorage = Faults.First(1, Faults.Drop(0.75));
        await Fails<HubTransferException>(Options with { Attempts = 1 });
        Hub.AtStorage = null;

        AssertRight(await Fetch());

        Assert.NotNull(Hub.Seen.Last(r => !r.AtHub).Range);
        Assert.Empty(Directory.GetFiles(Path.GetDirectoryName(BlobFile)!, "*.incomplete"));
    }

    [Fact]
    public async Task Starts_again_when_a_server_ignores_the_range()
    {
        Hub.AtStorage = Faults.Any(Faults.First(1, Faults.Drop(0.5)), Faults.IgnoreRange());

        AssertRight(await Fetch());
        Assert.Equal(2, Hub.StorageGets);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Starts_again_when_a_server_sends_another_range(bool ofLongerFile)
    {
        Hub.AtStorage = Faults.Any(Faults.First(1, Faults.Drop(0.5)), Faults.First(1, Faults.WrongRange(ofLongerFile)));

        AssertRight(await Fetch());
        Assert.Equal([false, true, false], Hub.Seen.Where(r => !r.AtHub).Select(r => r.Range is not null));
    }

    [Fact]
    public async Task Starts_again_after_416()
    {
        Hub.AtStorage = Faults.Any(Faults.First(1, Faults.Drop(0.5)), Faults.First(1, Faults.Status(416)));

        AssertRight(await Fetch());
    }

    [Fact]
    public async Task Gives_up_on_a_connection_that_stands_still()
    {
        Hub.AtStorage = Faults.Stall(0.5);

        var error = await Fails<HubTransferException>(Options with { StallTimeout = TimeSpan.FromMilliseconds(60), Attempts = 2 });

        AssertSays(error, "model.safetensors: nothing arrived for 0.06 s", "What arrived is kept; run the same command again, it resumes.");
        Assert.False(File.Exists(BlobFile));
    }

    [Fact]
    public async Task Gives_up_on_a_connection_that_drips()
    {
        Hub.AtStorage = Faults.Drip(5);

        AssertSays(await Fails<HubTransferException>(Options with { PaceWindow = TimeSpan.FromMilliseconds(300), Attempts = 2 }), "model.safetensors: only ", " bytes arrived in ");
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(1)]
    public async Task Refuses_a_wrong_length(int by)
    {
        Hub.AtStorage = Faults.Length(by);

        AssertSays(await Fails<HubIntegrityException>(), "the file has 400,000 bytes", "twice. Nothing was kept.", "if HF_ENDPOINT names a mirror, try another");
        AssertNothingKept();
    }

    [Fact]
    public async Task Stops_as_soon_as_more_than_the_file_arrives()
    {
        Hub.AtStorage = Faults.Endless();

        AssertSays(await Fails<HubIntegrityException>(), "sends more");
        AssertNothingKept();
    }

    [Fact]
    public async Task Refuses_a_wrong_hash_and_says_which()
    {
        Hub.AtStorage = Faults.WrongByte();

        AssertSays(await Fails<HubIntegrityException>(), $"expected the SHA-256 {Weights.Etag}, got ", "twice. Nothing was kept.");
        AssertNothingKept();
    }

    [Fact]
    public async Task Refuses_a_wrong_git_hash()
    {
        Hub.AtHub = (context, honest) => context.Request.Path.Value!.EndsWith("config.json", StringComparison.Ordinal) ? Faults.WrongByte()(context, honest) : Task.FromResult(false);

        AssertSays(await Fails<HubIntegrityException>(), "config.json: expected the git SHA-1 ");
    }

    [Fact]
    public async Task Forgives_one_wrong_bit()
    {
        Hub.AtStorage = Faults.First(1, Faults.WrongByte());

        AssertRight(await Fetch());
    }

    [Theory]
    [InlineData(401)]
    [InlineData(403)]
    [InlineData(410)]
    public async Task Asks_for_a_fresh_address_when_the_signed_one_expired(int status)
    {
        Hub.AtStorage = Faults.First(2, Faults.Status(status));

        AssertRight(await Fetch());
    }

    [Theory]
    [InlineData(500)]
    [InlineData(502)]
    [InlineData(503)]
    [InlineData(504)]
    [InlineData(408)]
    public async Task Tries_again_after_a_server_error_and_then_says_so(int status)
    {
        Hub.AtStorage = Faults.First(4, Faults.Status(status));
        AssertRight(await Fetch());

        Directory.Delete(Path.Combine(Folder.Path, "models--owner--tiny"), recursive: true);
        Hub.AtStorage = Faults.Status(status);
        AssertSays(await Fails<HubTransferException>(), $"answered {status}", "(5 attempts)");
    }

    [Fact]
    public async Task Survives_connections_that_hang_up()
    {
        Hub.AtHub = Faults.First(1, Faults.Hangup());
        Hub.AtStorage = Faults.First(2, Faults.Hangup());

        AssertRight(await Fetch());
    }

    [Fact]
    public async Task Keeps_what_arrived_when_cancelled()
    {
        Hub.AtStorage = Faults.First(1, Faults.Stall(0.5));
        using var stop = new CancellationTokenSource();
        using (var client = new HubClient(Options with { StallTimeout = TimeSpan.FromMinutes(1) }))
        {
            var fetching = client.EnsureAsync(Id, cancellation: stop.Token);
            while (!new DirectoryInfo(Folder.Path).EnumerateFiles($"{Weights.Etag}.*.incomplete", SearchOption.AllDirectories).Any(f => f.Length == 200_000))
            {
                await Task.Delay(10);
            }

            await stop.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => fetching);
        }

        AssertRight(await Fetch());
        Assert.StartsWith("bytes=", Hub.Seen.Last(r => !r.AtHub).Range, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Says_how_much_room_is_needed_when_the_disk_is_full()
    {
        using var client = new HubClient(Options) { FreeBytes = _ => 1000 };

        var error = await Assert.ThrowsAsync<HubDiskFullException>(() => client.EnsureAsync(Id));

        AssertSays(error, "400,009 more bytes are needed, 1,000 are free", "'fathom models rm NAME'", "HF_HOME");
        Assert.Equal(0, Hub.StorageGets);
    }

    private void AssertNothingKept()
    {
        Assert.False(File.Exists(BlobFile));
        Assert.False(File.Exists(Path.Combine(Folder.Path, "models--owner--tiny", "refs", "main")));
    }
}
