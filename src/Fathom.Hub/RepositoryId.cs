using System.Text.RegularExpressions;

namespace Fathom.Hub;

/// <summary>The rule for repository ids, checked before an id becomes part of a URL or a path.</summary>
internal static partial class RepositoryId
{
    /// <summary>What is wrong with <paramref name="id"/>; null when it is a valid id.</summary>
    public static string? Fault(string id)
    {
        var parts = id.Split('/');
        return parts.Length > 2 ? "more than one '/'"
            : !parts.All(p => Part().IsMatch(p)) ? "a part that is not 1 to 96 letters, digits, '.', '_' or '-', beginning and ending with a letter, digit or '_'"
            : id.Contains("--", StringComparison.Ordinal) || id.Contains("..", StringComparison.Ordinal) ? "'--' or '..'"
            : id.EndsWith(".git", StringComparison.OrdinalIgnoreCase) ? "'.git' at the end"
            : null;
    }

    /// <summary>Returns <paramref name="id"/> if it is valid.</summary>
    /// <exception cref="InvalidHubNameException">It is not.</exception>
    public static string Validate(string id) => Fault(id) is { } fault ? throw new InvalidHubNameException("repository id", id, fault, "Write owner/name as the model's page shows it.") : id;

    /// <summary>The folder of a model repository in the shared cache.</summary>
    public static string FolderName(string id) => "models--" + id.Replace("/", "--", StringComparison.Ordinal);

    /// <summary>The id behind a folder's name; null if the folder is no model repository.</summary>
    public static string? FromFolderName(string folder)
    {
        var id = folder.StartsWith("models--", StringComparison.Ordinal) ? folder["models--".Length..].Replace("--", "/", StringComparison.Ordinal) : null;
        return id is not null && Fault(id) is null ? id : null;
    }

    [GeneratedRegex(@"\A[A-Za-z0-9_](?:[A-Za-z0-9_.-]{0,94}[A-Za-z0-9_])?\z", RegexOptions.CultureInvariant)]
    private static partial Regex Part();
}
