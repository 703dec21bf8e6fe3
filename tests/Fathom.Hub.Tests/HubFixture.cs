using Fathom.Hub.Tests.Fakes;

namespace Fathom.Hub.Tests;

/// <summary>A fake hub with one small model, and an empty cache.</summary>
public abstract class HubFixture : IAsyncLifetime
{
    internal const string Id = "owner/tiny";

    internal HubFixture() => Model = Hub.Add(new FakeRepository(Id, FakeFile.Text("config.json", "{}"), FakeFile.Text("tokenizer.json", "{\"t\":1}"), Weights));

    internal FakeHub Hub { get; } = new();

    internal FakeFile Weights { get; } = FakeFile.Random("model.safetensors", 400_000, 1);

    internal FakeRepository Model { get; set; }

    internal TemporaryFolder Folder { get; } = new();

    internal virtual HubOptions Options => TestOptions.For(Hub.Endpoint, Folder.Path);

    internal string BlobFile => Path.Combine(Folder.Path, "models--owner--tiny", "blobs", Weights.Etag);

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        await Hub.DisposeAsync();
        Folder.Dispose();
        GC.SuppressFinalize(this);
    }

    internal async Task<HubSnapshot> Fetch(HubOptions? options = null, string name = Id, string? revision = null, FileSelection? selection = null)
    {
        using var client = new HubClient(options ?? Options);
        return await client.EnsureAsync(name, revision, selection);
    }

    internal async Task<TException> Fails<TException>(HubOptions? options = null, string name = Id, string? revision = null, FileSelection? selection = null)
        where TException : HubException => await Assert.ThrowsAsync<TException>(() => Fetch(options, name, revision, selection));

    internal void AssertRight(HubSnapshot snapshot) => Assert.All(snapshot.Files, f => Assert.Equal(Model.File(f.Path)!.Bytes, File.ReadAllBytes(f.LocalPath)));

    internal static void AssertSays(HubException error, params string[] parts) => Assert.All(parts, p => Assert.Contains(p, error.Message, StringComparison.Ordinal));
}
