using System.Text.RegularExpressions;

namespace Fathom.Hub.Protocol;

/// <summary>A file as the hub describes it.</summary>
/// <param name="Path">Its name in the repository.</param>
/// <param name="Bytes">Its length; null if the listing does not tell it.</param>
/// <param name="Etag">The name of its content: 40 digits of a git blob's SHA-1, or 64 of a SHA-256; null if the listing does not tell it.</param>
internal sealed partial record RemoteFile(string Path, long? Bytes, string? Etag)
{
    /// <summary>Whether <paramref name="etag"/> is one of the two hashes, and so may become part of a path.</summary>
    public static bool IsEtag(string etag) => Hash().IsMatch(etag);

    [GeneratedRegex(@"\A(?:[0-9a-f]{40}|[0-9a-f]{64})\z", RegexOptions.CultureInvariant)]
    private static partial Regex Hash();
}
