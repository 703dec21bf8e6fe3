namespace Fathom.Hub.Storage;

/// <summary>Paths with every link in them followed.</summary>
internal static class RealPath
{
    private const int MostLinks = 40;

    /// <summary>The path that remains when each link in <paramref name="path"/> is followed; null when a link leads nowhere or in circles.</summary>
    public static string? Of(string path)
    {
        var links = 0;
        return Follow(Path.GetFullPath(path), ref links);
    }

    /// <summary>Whether <paramref name="path"/> lies below <paramref name="folder"/>; both must be real paths.</summary>
    public static bool IsBelow(string path, string folder) =>
        path.StartsWith(folder + Path.DirectorySeparatorChar, OperatingSystem.IsWindows() ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal);

    private static string? Follow(string path, ref int links)
    {
        var root = Path.GetPathRoot(path)!;
        var real = root;
        foreach (var part in path[root.Length..].Split(Path.DirectorySeparatorChar, StringSplitOptions.RemoveEmptyEntries))
        {
            real = Path.Combine(real, part);
            var info = new FileInfo(real);
            if (info.LinkTarget is not { } target)
            {
                if (!info.Exists && !Directory.Exists(real))
                {
                    return null;
                }

                continue;
            }

            if (++links > MostLinks || Follow(Path.GetFullPath(target, Path.GetDirectoryName(real)!), ref links) is not { } followed)
            {
                return null;
            }

            real = followed;
        }

        return real;
    }
}
