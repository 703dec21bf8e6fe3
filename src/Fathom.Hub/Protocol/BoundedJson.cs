using System.Text.Json;

namespace Fathom.Hub.Protocol;

/// <summary>Reads an answer's JSON without trusting its length.</summary>
internal static class BoundedJson
{
    private const int MostBytes = 64 << 20;

    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false, MaxDepth = 64 };

    /// <summary>The answer's JSON; the caller disposes it.</summary>
    public static async Task<JsonDocument> Read(HubAnswer answer, string subject, TimeSpan stall, CancellationToken cancellation)
    {
        using var body = new MemoryStream();
        var stream = new PatientStream(await answer.Response.Content.ReadAsStreamAsync(cancellation).ConfigureAwait(false), stall, cancellation);
        await using var _ = stream.ConfigureAwait(false);
        var buffer = new byte[64 << 10];
        while (true)
        {
            var read = await stream.Read(buffer).ConfigureAwait(false);
            if (read == 0)
            {
                break;
            }

            body.Write(buffer, 0, read);
            if (body.Length > MostBytes)
            {
                throw new HubIntegrityException(subject, $"{subject}: the hub's description is longer than {MostBytes:N0} bytes. If HF_ENDPOINT names a mirror, try another or unset it.");
            }
        }

        if (answer.Response.Content.Headers.ContentLength is { } length && length != body.Length)
        {
            throw new RetryableException("the connection broke in the middle of an answer");
        }

        try
        {
            return JsonDocument.Parse(body.GetBuffer().AsMemory(0, (int)body.Length), Strict);
        }
        catch (JsonException e)
        {
            throw new HubIntegrityException(subject, $"{subject}: {HubAddress.Host(answer.Address)} did not answer as a hub does (no valid JSON). If HF_ENDPOINT names a mirror, or a login page is in the way, look there.", e);
        }
    }
}
