using System.Text.Json;

namespace Fathom.Hub.Protocol;

/// <summary>Asks the hub about repositories and files.</summary>
internal sealed class RepositoryQueries(HubConnection connection, HubOptions options, Retry retry)
{
    private const int FirstConnections = 2;

    /// <summary>Resolves a revision to a commit and lists its files.</summary>
    public Task<Listing> List(string repoId, string revision, Action<string>? notice, CancellationToken cancellation) => retry.Run(repoId, async token =>
    {
        using var answer = await connection.Send(HttpMethod.Get, connection.Address.Listing(repoId, revision), 0, _ => true, token).ConfigureAwait(false);
        if (!answer.IsSuccess)
        {
            throw HubErrors.Of(answer, connection, repoId, revision, null);
        }

        using var json = await BoundedJson.Read(answer, repoId, options.StallTimeout, token).ConfigureAwait(false);
        return ReadListing(json.RootElement, repoId, revision);
    }, notice, cancellation, FirstConnections);

    /// <summary>Asks for one file's commit, hash and length.</summary>
    /// <param name="repoId">The repository.</param>
    /// <param name="revision">The revision.</param>
    /// <param name="path">The file.</param>
    /// <param name="absent">Told the commit that has no such file, before the exception.</param>
    /// <param name="notice">Told about pauses.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public Task<(string Commit, RemoteFile File)> Describe(string repoId, string revision, string path, Action<string>? absent, Action<string>? notice, CancellationToken cancellation) => retry.Run(path, async token =>
    {
        // A redirect to elsewhere already carries the description, unless a mirror merely points to the hub.
        using var answer = await connection.Send(HttpMethod.Head, connection.Address.File(repoId, revision, path), 0, r => HubAnswer.Header(r, "X-Repo-Commit") is null, token).ConfigureAwait(false);
        if (!answer.IsSuccess && answer.Status is < 300 or >= 400)
        {
            var error = HubErrors.Of(answer, connection, repoId, revision, path);
            if (error is HubFileNotFoundException && answer.Header("X-Repo-Commit") is { } at && RevisionName.IsCommit(at))
            {
                absent?.Invoke(at);
            }

            throw error;
        }

        var commit = answer.Header("X-Repo-Commit");
        if (commit is null || !RevisionName.IsCommit(commit) || (RevisionName.IsCommit(revision) && commit != revision))
        {
            throw Refuse(path, commit is null ? "no commit" : $"the commit {Quoted.Text(commit)}");
        }

        var etag = HubAnswer.Etag(answer.Response);
        return etag is not null && RemoteFile.IsEtag(etag) ? (commit, new RemoteFile(path, HubAnswer.Length(answer.Response), etag))
            : throw Refuse(path, etag is null ? "no hash" : $"the hash {Quoted.Text(etag)}");
    }, notice, cancellation, FirstConnections);

    /// <summary>Searches the hub's models.</summary>
    public Task<IReadOnlyList<HubSearchResult>> Search(string text, int limit, CancellationToken cancellation) => retry.Run("search", async token =>
    {
        using var answer = await connection.Send(HttpMethod.Get, connection.Address.Search(text, limit), 0, _ => true, token).ConfigureAwait(false);
        if (!answer.IsSuccess)
        {
            throw HubErrors.Of(answer, connection, "search", RevisionName.Default, null);
        }

        using var json = await BoundedJson.Read(answer, "search", options.StallTimeout, token).ConfigureAwait(false);
        return json.RootElement.ValueKind == JsonValueKind.Array ? SearchReader.Read(json.RootElement) : throw Refuse("search", "no list");
    }, null, cancellation, FirstConnections);

    private static Listing ReadListing(JsonElement json, string repoId, string revision)
    {
        if (json.ValueKind != JsonValueKind.Object || Text(json, "sha") is not { } commit || !RevisionName.IsCommit(commit))
        {
            throw Refuse(repoId, "no commit of 40 digits");
        }

        if (RevisionName.IsCommit(revision) && commit != revision)
        {
            throw Refuse(repoId, $"another commit ({commit}) than the one asked for");
        }

        if (!json.TryGetProperty("siblings", out var siblings) || siblings.ValueKind != JsonValueKind.Array)
        {
            throw Refuse(repoId, "no list of files");
        }

        var id = Text(json, "id") is { } now && RepositoryId.Fault(now) is null ? now : repoId;
        return new Listing(id, commit, [.. siblings.EnumerateArray().Select(s => ReadFile(s, repoId))]);
    }

    private static RemoteFile ReadFile(JsonElement json, string repoId)
    {
        if (json.ValueKind != JsonValueKind.Object || Text(json, "rfilename") is not { } path)
        {
            throw Refuse(repoId, "a file without a name");
        }

        var large = json.TryGetProperty("lfs", out var lfs) && lfs.ValueKind == JsonValueKind.Object ? lfs : (JsonElement?)null;
        var etag = large is { } l ? Text(l, "sha256") ?? Text(l, "oid") : Text(json, "blobId");
        var size = large is { } s && s.TryGetProperty("size", out var own) ? own : json.TryGetProperty("size", out var plain) ? plain : default;
        long? bytes = size.ValueKind == JsonValueKind.Number && size.TryGetInt64(out var count) ? count : null;
        return bytes < 0 ? throw Refuse(path, $"a length of {bytes}")
            : etag is not null && !RemoteFile.IsEtag(etag) ? throw Refuse(path, $"the hash {Quoted.Text(etag)}")
            : new RemoteFile(path, bytes, etag);
    }

    private static string? Text(JsonElement json, string name) => json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static HubIntegrityException Refuse(string subject, string found) =>
        new(subject, $"{Quoted.Plain(subject, 200)}: the hub's description has {found}. Nothing was fetched; if HF_ENDPOINT names a mirror, try another or unset it.");
}
