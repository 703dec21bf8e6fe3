using System.Globalization;

namespace Fathom.Hub.Protocol;

/// <summary>An answer and who gave it.</summary>
/// <param name="Response">The answer; its body is not read yet.</param>
/// <param name="Address">The address that gave it.</param>
/// <param name="LeftHub">Whether a redirect led away from the hub.</param>
internal sealed record HubAnswer(HttpResponseMessage Response, Uri Address, bool LeftHub) : IDisposable
{
    public int Status => (int)Response.StatusCode;

    public bool IsSuccess => Response.IsSuccessStatusCode;

    /// <summary>A header of the hub's own; null if absent.</summary>
    public string? Header(string name) => Header(Response, name);

    public static string? Header(HttpResponseMessage response, string name) => response.Headers.TryGetValues(name, out var values) ? values.First() : null;

    /// <summary>The name of a file's content: the hub's for large files, else the ordinary ETag.</summary>
    public static string? Etag(HttpResponseMessage response)
    {
        var text = Header(response, "X-Linked-Etag") ?? Header(response, "ETag");
        return text is null ? null : (text.StartsWith("W/", StringComparison.Ordinal) ? text[2..] : text).Trim('"');
    }

    /// <summary>A file's length: the hub's for large files, else the body's; a redirect's own length is not the file's.</summary>
    public static long? Length(HttpResponseMessage response) =>
        Header(response, "X-Linked-Size") is { } text ? long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var size) ? size : null
        : response.IsSuccessStatusCode ? response.Content.Headers.ContentLength : null;

    public void Dispose() => Response.Dispose();
}
