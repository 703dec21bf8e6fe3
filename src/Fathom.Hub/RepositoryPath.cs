namespace Fathom.Hub;

/// <summary>The rule for names of files in a repository, under the rules of every operating system at once.</summary>
internal static class RepositoryPath
{
    private static readonly string[] ReservedOnWindows = ["CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$",
        .. Enumerable.Range(0, 10).SelectMany(i => new[] { $"COM{i}", $"LPT{i}" })];

    /// <summary>What is wrong with <paramref name="path"/>; null when it may be written below a folder.</summary>
    public static string? Fault(string path) => Fault(path, OperatingSystem.IsWindows());

    internal static string? Fault(string path, bool windows)
    {
        if (path.Length is 0 or > 1024)
        {
            return "a length that is not 1 to 1024";
        }

        if (path.Any(char.IsControl))
        {
            return "a control character";
        }

        if (path.Contains('\\', StringComparison.Ordinal))
        {
            return "a backslash";
        }

        if (path[0] == '/' || (path.Length > 1 && path[1] == ':' && char.IsAsciiLetter(path[0])))
        {
            return "a root or a drive";
        }

        var parts = path.Split('/');
        return parts[0].Equals(".cache", StringComparison.OrdinalIgnoreCase) ? "the reserved folder .cache"
            : parts.Any(p => p.Length > 255) ? "a part longer than 255 characters"
            : parts.Any(p => p is "" or "." or "..") ? "an empty part, '.' or '..'"
            : windows ? parts.Select(WindowsFault).FirstOrDefault(f => f is not null) : null;
    }

    /// <summary>Returns <paramref name="path"/> if it is safe.</summary>
    /// <exception cref="InvalidHubNameException">It could leave the folder or name a device.</exception>
    public static string Validate(string path) => Fault(path) is { } fault
        ? throw new InvalidHubNameException("file name", path, fault, "Do not use this repository: no honest one has such a name.") : path;

    private static string? WindowsFault(string part) => part.IndexOfAny([':', '<', '>', '"', '|', '?', '*']) >= 0 ? "a character that Windows forbids"
        : part[^1] is '.' or ' ' ? "a part that ends with '.' or a space"
        : ReservedOnWindows.Contains(part.Split('.')[0].TrimEnd(), StringComparer.OrdinalIgnoreCase) ? "a device's name"
        : null;
}
