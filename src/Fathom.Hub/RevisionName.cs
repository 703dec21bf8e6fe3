using System.Text.RegularExpressions;

namespace Fathom.Hub;

/// <summary>The rule for revisions: a branch, a tag, a commit or <c>refs/pr/N</c>.</summary>
internal static partial class RevisionName
{
    /// <summary>The revision used when none is named.</summary>
    public const string Default = "main";

    /// <summary>Whether <paramref name="text"/> is a full commit id.</summary>
    public static bool IsCommit(string text) => Commit().IsMatch(text);

    /// <summary>Whether <paramref name="text"/> could be the beginning of a commit id.</summary>
    public static bool IsShortCommit(string text) => ShortCommit().IsMatch(text);

    /// <summary>Returns <paramref name="revision"/> if git would accept it as a ref's name.</summary>
    /// <exception cref="InvalidHubNameException">It would not, so it must not become part of a URL or a path.</exception>
    public static string Validate(string revision)
    {
        var fault = revision.Length is 0 or > 255 ? "a length that is not 1 to 255"
            : revision.Any(c => c <= ' ' || c is '\x7f' or '~' or '^' or ':' or '?' or '*' or '[' or '\\' || char.IsControl(c)) ? "a space, a control character or one of ~^:?*[\\"
            : revision.Contains("@{", StringComparison.Ordinal) ? "'@{'"
            : revision.Split('/').Any(s => s.Length == 0 || s[0] == '.' || s.EndsWith('.') || s.Contains("..", StringComparison.Ordinal) || s.EndsWith(".lock", StringComparison.Ordinal))
                ? "a part that is empty, begins or ends with '.', holds '..' or ends with '.lock'"
            : null;
        return fault is null ? revision : throw new InvalidHubNameException("revision", revision, fault, "Give a branch, a tag, a commit or refs/pr/N.");
    }

    [GeneratedRegex(@"\A[0-9a-f]{40}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Commit();

    [GeneratedRegex(@"\A[0-9a-f]{7,39}\z", RegexOptions.CultureInvariant)]
    private static partial Regex ShortCommit();
}
