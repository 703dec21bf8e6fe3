using System.Net;
using Fathom.Hub.Protocol;
using Fathom.Hub.Storage;

namespace Fathom.Hub.Downloads;

/// <summary>Fetches one file: streams, hashes, resumes, and publishes only what has the promised hash and length.</summary>
/// <param name="connection">The way to the hub.</param>
/// <param name="options">How patient to be.</param>
/// <param name="repoId">The repository.</param>
/// <param name="commit">The commit.</param>
/// <param name="file">The file; its hash and length are known.</param>
internal sealed class BlobDownload(HubConnection connection, HubOptions options, string repoId, string commit, RemoteFile file) : IDisposable
{
    private const int Chunk = 256 << 10;

    // A stream slower than this over six stalls' time counts as standing still: else one byte a minute would keep it alive.
    private const int SlowestBytes = 16 << 10;
    private const int StallsInWindow = 6;

    private readonly string _etag = file.Etag!;
    private readonly long _length = file.Bytes!.Value;

    private BlobHash _hash = new(file.Etag!, file.Bytes!.Value);
    private long _hashed;

    /// <summary>One attempt: continues behind what <paramref name="blob"/> has and returns once all of it is there and right.</summary>
    /// <param name="blob">The incomplete file.</param>
    /// <param name="arrived">Told the bytes at hand.</param>
    /// <param name="cancellation">Ends the attempt; what arrived stays.</param>
    public async Task<bool> Attempt(IncompleteBlob blob, Action<long> arrived, CancellationToken cancellation)
    {
        try
        {
            CatchUp(blob);
            if (_hashed < _length || _length == 0)
            {
                await Receive(blob, arrived, cancellation).ConfigureAwait(false);
            }

            arrived(_hashed);
            var found = _hash.Finish();
            return found == _etag ? true
                : throw new RetryableException($"expected the {(_etag.Length == 40 ? "git SHA-1" : "SHA-256")} {_etag}, got {found}") { WrongContent = true };
        }
        catch (RetryableException e) when (e.WrongContent)
        {
            Restart(blob);
            throw;
        }
    }

    public void Dispose() => _hash.Dispose();

    // A file taken over from a killed process was never hashed here; one that this download wrote already is.
    private void CatchUp(IncompleteBlob blob)
    {
        if (blob.Stream.Length != _hashed)
        {
            BeginHash();
            blob.Stream.Position = 0;
            _hashed = _hash.AppendAll(blob.Stream);
        }

        blob.Stream.Position = _hashed;
    }

    private void Restart(IncompleteBlob blob)
    {
        blob.Restart();
        BeginHash();
    }

    private void BeginHash()
    {
        _hash.Dispose();
        _hash = new BlobHash(_etag, _length);
        _hashed = 0;
    }

    private async Task Receive(IncompleteBlob blob, Action<long> arrived, CancellationToken cancellation)
    {
        using var answer = await connection.Send(HttpMethod.Get, connection.Address.File(repoId, commit, file.Path), _hashed, CheckPromise, cancellation).ConfigureAwait(false);
        if (!Continues(answer, _hashed))
        {
            // The server ignored the range and sends everything: it must not be appended to what is here.
            Restart(blob);
        }

        await Copy(answer, blob, arrived, cancellation).ConfigureAwait(false);
    }

    // The hub repeats the file's hash and commit on the way to its storage; other words there mean another file.
    private bool CheckPromise(HttpResponseMessage response)
    {
        var etag = HubAnswer.Header(response, "X-Linked-Etag")?.Trim('"');
        var at = HubAnswer.Header(response, "X-Repo-Commit");
        return (etag is null || !RemoteFile.IsEtag(etag) || etag == _etag) && (at is null || at == commit) ? true
            : throw new HubIntegrityException(file.Path, $"{file.Path}: the hub promised the content {_etag[..8]} of commit {commit[..8]} and now offers another. Run the command again; if HF_ENDPOINT names a mirror, try another or unset it.");
    }

    /// <summary>Whether the answer continues at <paramref name="start"/>; false if it begins anew.</summary>
    private bool Continues(HubAnswer answer, long start)
    {
        if (!answer.IsSuccess)
        {
            throw answer switch
            {
                { LeftHub: true, Status: 401 or 403 or 404 or 410 } => new RetryableException($"the address that the hub gave has expired ({HubErrors.Said(answer)})"),
                { Status: 416 } => new RetryableException(HubErrors.Said(answer)) { WrongContent = true },
                { LeftHub: true, Status: >= 400 and not 408 and not 429 and < 500 } => new RetryableException(HubErrors.Said(answer)),
                _ => HubErrors.Of(answer, connection, repoId, commit, file.Path),
            };
        }

        var content = answer.Response.Content.Headers;
        if (content.ContentEncoding.Any(e => e != "identity"))
        {
            throw new RetryableException($"{HubAddress.Host(answer.Address)} sends the file compressed, which nobody asked for") { WrongContent = true };
        }

        if (answer.Response.StatusCode == HttpStatusCode.PartialContent)
        {
            var range = content.ContentRange;
            return range is { HasRange: true, From: { } from } && from == start && start > 0 && (range.Length ?? _length) == _length ? true
                : throw new RetryableException($"asked for the bytes from {start:N0} of {_length:N0}, got {Quoted.Text(range?.ToString() ?? "no range")}") { WrongContent = true };
        }

        return content.ContentLength is { } length && length != _length
            ? throw new RetryableException($"the file has {_length:N0} bytes, {HubAddress.Host(answer.Address)} offers {length:N0}") { WrongContent = true }
            : start == 0;
    }

    private async Task Copy(HubAnswer answer, IncompleteBlob blob, Action<long> arrived, CancellationToken cancellation)
    {
        var start = _hashed;
        var buffer = new byte[(int)Math.Min(Chunk, _length - start + 1)];
        var body = new PatientStream(await answer.Response.Content.ReadAsStreamAsync(cancellation).ConfigureAwait(false), options.StallTimeout, cancellation);
        await using var _ = body.ConfigureAwait(false);
        var window = (Start: Environment.TickCount64, Bytes: 0L);
        try
        {
            while (await body.Read(buffer).ConfigureAwait(false) is var read && read > 0)
            {
                if (_hashed + read > _length)
                {
                    throw new RetryableException($"the file has {_length:N0} bytes, {HubAddress.Host(answer.Address)} sends more") { WrongContent = true };
                }

                blob.Stream.Write(buffer, 0, read);
                _hash.Append(buffer.AsSpan(0, read));
                _hashed += read;
                arrived(_hashed);
                window = Pace(window, read);
            }
        }
        catch (RetryableException e) when (!e.WrongContent)
        {
            throw new RetryableException($"{e.Message} after {_hashed:N0} of {_length:N0} bytes", e) { MadeProgress = Matters(_hashed - start) };
        }

        if (_hashed < _length)
        {
            throw new RetryableException($"the connection ended after {_hashed:N0} of {_length:N0} bytes") { MadeProgress = Matters(_hashed - start) };
        }
    }

    private (long Start, long Bytes) Pace((long Start, long Bytes) window, int read)
    {
        var now = Environment.TickCount64;
        window.Bytes += read;
        if (now - window.Start < (options.PaceWindow ?? options.StallTimeout * StallsInWindow).TotalMilliseconds)
        {
            return window;
        }

        return window.Bytes >= SlowestBytes ? (now, 0)
            : throw new RetryableException($"only {window.Bytes:N0} bytes arrived in {(now - window.Start) / 1000.0:0.#} s");
    }

    private bool Matters(long bytes) => bytes >= Math.Clamp(_length / 100, 1, 64 << 10);
}
