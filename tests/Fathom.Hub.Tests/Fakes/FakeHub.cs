using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;

namespace Fathom.Hub.Tests.Fakes;

/// <summary>A hub on loopback, and beside it the storage that holds large files; either misbehaves when told to.</summary>
internal sealed class FakeHub : IAsyncDisposable
{
    private readonly WebApplication _hub;
    private readonly WebApplication _storage;
    private readonly ConcurrentDictionary<string, FakeRepository> _repositories = new(StringComparer.Ordinal);

    public FakeHub()
    {
        _hub = Start(AnswerAtHub, () => AtHub);
        _storage = Start(AnswerAtStorage, () => AtStorage);
    }

    public string Endpoint => _hub.Urls.First();

    public string Storage => _storage.Urls.First();

    public ConcurrentQueue<SeenRequest> Seen { get; } = new();

    /// <summary>Misbehaviour of the hub: returns true when it answered instead.</summary>
    public Fault? AtHub { get; set; }

    /// <summary>Misbehaviour of the storage.</summary>
    public Fault? AtStorage { get; set; }

    public int StorageGets => Seen.Count(r => !r.AtHub);

    public FakeRepository Add(FakeRepository repository) => _repositories[repository.Id] = repository;

    public async ValueTask DisposeAsync()
    {
        await _hub.DisposeAsync();
        await _storage.DisposeAsync();
    }

    private static WebApplication Start(RequestDelegate answer, Func<Fault?> fault)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0").UseKestrel(o =>
        {
            o.AddServerHeader = false;
            o.Limits.MinResponseDataRate = null;
        });
        var app = builder.Build();
        app.Run(async context =>
        {
            // A fault may serve a body that contradicts its own headers; Kestrel then breaks the connection, which is the point.
            if (fault() is not { } f || !await f(context, () => answer(context)))
            {
                await answer(context);
            }
        });
        app.StartAsync().GetAwaiter().GetResult();
        return app;
    }

    private async Task AnswerAtHub(HttpContext context)
    {
        Note(context, true);
        var path = Raw(context);
        if (path.StartsWith("/api/models/", StringComparison.Ordinal) && path.Split("/revision/") is [var api, var revision])
        {
            await Listing(context, api["/api/models/".Length..], Uri.UnescapeDataString(revision));
        }
        else if (path == "/api/models")
        {
            await Json(context, _repositories.Values.Where(r => r.Id.Contains(context.Request.Query["search"].ToString(), StringComparison.OrdinalIgnoreCase))
                .Select(r => new { id = r.Id, downloads = 7, likes = 3, gated = r.IsGated ? (object)"manual" : false, tags = new[] { "safetensors" } }));
        }
        else if (path.Split("/resolve/") is [var id, var rest])
        {
            await File(context, id[1..], Uri.UnescapeDataString(rest[..rest.IndexOf('/', StringComparison.Ordinal)]), Uri.UnescapeDataString(rest[(rest.IndexOf('/', StringComparison.Ordinal) + 1)..]));
        }
        else
        {
            context.Response.StatusCode = 404;
        }
    }

    private async Task AnswerAtStorage(HttpContext context)
    {
        Note(context, false);
        var file = _repositories.Values.SelectMany(r => r.Files).FirstOrDefault(f => Raw(context) == "/" + f.Etag);
        await (file is null ? Refuse(context, 404, null) : Body(context, file.Bytes));
    }

    private async Task Listing(HttpContext context, string id, string revision)
    {
        if (Find(context, id, revision, "/api/models/{0}/revision/" + Uri.EscapeDataString(revision) + "?blobs=true") is { } repository)
        {
            await Json(context, new
            {
                id = repository.Id,
                sha = repository.Commit,
                siblings = repository.Files.Select(f => f.IsLarge
                    ? (object)new { rfilename = f.Path, size = f.Bytes.Length, blobId = new string('0', 40), lfs = new { sha256 = f.Etag, size = f.Bytes.Length } }
                    : new { rfilename = f.Path, size = f.Bytes.Length, blobId = f.Etag }),
            });
        }
    }

    private async Task File(HttpContext context, string id, string revision, string path)
    {
        if (Find(context, id, revision, "/{0}/resolve/" + Uri.EscapeDataString(revision) + "/" + path) is not { } repository)
        {
            return;
        }

        context.Response.Headers["X-Repo-Commit"] = repository.Commit;
        if (repository.File(path) is not { } file)
        {
            await Refuse(context, 404, "EntryNotFound");
            return;
        }

        if (file.IsLarge)
        {
            context.Response.Headers["X-Linked-Etag"] = $"\"{file.Etag}\"";
            context.Response.Headers["X-Linked-Size"] = file.Bytes.Length.ToString(CultureInfo.InvariantCulture);
            context.Response.Headers.Location = $"{Storage}/{file.Etag}?X-Amz-Signature=secret-signature";
            context.Response.StatusCode = 302;
            return;
        }

        context.Response.Headers.ETag = $"W/\"{file.Etag}\"";
        await Body(context, file.Bytes);
    }

    private FakeRepository? Find(HttpContext context, string id, string revision, string movedPath)
    {
        var token = context.Request.Headers.Authorization.ToString();
        if (!_repositories.TryGetValue(id, out var repository))
        {
            Refuse(context, 404, "RepoNotFound").Wait();
        }
        else if (repository.MovedTo is { } moved)
        {
            context.Response.StatusCode = 307;
            context.Response.Headers.Location = string.Format(CultureInfo.InvariantCulture, movedPath, moved);
            return null;
        }
        else if (repository.Token is { } needed && token != "Bearer " + needed)
        {
            Refuse(context, repository.IsGated ? 403 : 401, repository.IsGated ? "GatedRepo" : token.Length > 0 ? null : "RepoNotFound", token.Length > 0 ? "Invalid credentials in Authorization header" : null).Wait();
        }
        else if (!repository.Knows(revision))
        {
            Refuse(context, 404, "RevisionNotFound").Wait();
        }
        else
        {
            return repository;
        }

        return null;
    }

    /// <summary>Sends bytes, or the part that the request asks for.</summary>
    public static async Task Body(HttpContext context, byte[] bytes)
    {
        var from = 0;
        if (context.Request.Headers.Range.ToString() is { Length: > 0 } range)
        {
            from = int.Parse(range["bytes=".Length..^1], CultureInfo.InvariantCulture);
            context.Response.StatusCode = 206;
            context.Response.Headers.ContentRange = $"bytes {from}-{bytes.Length - 1}/{bytes.Length}";
        }

        context.Response.ContentLength = bytes.Length - from;
        if (!HttpMethods.IsHead(context.Request.Method))
        {
            await context.Response.Body.WriteAsync(bytes.AsMemory(from));
        }
    }

    public static Task Refuse(HttpContext context, int status, string? code, string? message = null)
    {
        context.Response.StatusCode = status;
        if (code is not null)
        {
            context.Response.Headers["X-Error-Code"] = code;
        }

        if (message is not null)
        {
            context.Response.Headers["X-Error-Message"] = message;
        }

        context.Response.Headers["X-Request-Id"] = "req-1";
        return Task.CompletedTask;
    }

    public static Task Json(HttpContext context, object value)
    {
        var bytes = JsonSerializer.SerializeToUtf8Bytes(value);
        context.Response.ContentType = "application/json";
        return Body(context, bytes);
    }

    private static string Raw(HttpContext context)
    {
        var target = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        target = target.StartsWith("http://", StringComparison.Ordinal) ? new Uri(target).PathAndQuery : target;
        return target.Split('?')[0];
    }

    private void Note(HttpContext context, bool atHub)
    {
        var headers = context.Request.Headers;
        Seen.Enqueue(new SeenRequest(atHub, context.Request.Method, Raw(context), headers.Authorization.FirstOrDefault(), headers.Range.FirstOrDefault(), headers.Cookie.FirstOrDefault()));
    }
}
