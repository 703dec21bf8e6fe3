namespace Fathom.Loading.Saving;

/// <summary>Fills a folder under a temporary name beside the final one, and renames it when it is whole.</summary>
internal static class FolderSwap
{
    /// <summary>Writes the folder, or leaves what was there.</summary>
    /// <param name="folder">The final name.</param>
    /// <param name="overwrite">Whether a folder with an earlier saved model is replaced.</param>
    /// <param name="bytes">How many bytes will be written at least.</param>
    /// <param name="isOurs">Whether a file may belong to a saved model, by its name.</param>
    /// <param name="fill">Writes the files into the folder it is given.</param>
    /// <exception cref="SaveException">The folder is taken, or the disk refuses.</exception>
    public static void Write(string folder, bool overwrite, long bytes, Func<string, bool> isOurs, Action<string> fill)
    {
        var final = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
        RequireFree(folder, final, overwrite, isOurs);
        var draft = Beside(final, "saving");
        try
        {
            Directory.CreateDirectory(draft);
            RequireRoom(folder, draft, bytes);
            fill(draft);

            // Again, since filling takes long and somebody may have used the time.
            RequireFree(folder, final, overwrite, isOurs);
            Swap(draft, final);
        }
        catch (Exception e) when (e is (IOException or UnauthorizedAccessException) and not SaveException)
        {
            throw new SaveException(folder, $"the system refused: {e.Message.TrimEnd('.')}. Nothing was left under that name. Make room or choose another place.", e);
        }
        finally
        {
            if (Directory.Exists(draft))
            {
                Directory.Delete(draft, recursive: true);
            }
        }
    }

    private static void RequireRoom(string folder, string draft, long bytes)
    {
        // A share of Windows has no drive to ask, and some file systems say 0 for unknown.
        var free = draft.StartsWith(@"\\", StringComparison.Ordinal) ? 0 : new DriveInfo(draft).AvailableFreeSpace;
        if (free > 0 && free < bytes)
        {
            throw new SaveException(folder, FormattableString.Invariant($"the weights take {bytes:N0} bytes and {free:N0} are free on that disk. Make room, choose another place, or a type of fewer bits (SaveOptions.DType, --dtype)."));
        }
    }

    private static void Swap(string draft, string final)
    {
        if (!Directory.Exists(final))
        {
            Directory.Move(draft, final);
            return;
        }

        var old = Beside(final, "replaced");
        Directory.Move(final, old);
        try
        {
            Directory.Move(draft, final);
        }
        catch
        {
            Directory.Move(old, final);
            throw;
        }

        Directory.Delete(old, recursive: true);
    }

    private static string Beside(string final, string why) =>
        Path.Combine(Path.GetDirectoryName(final) ?? final, $".{Path.GetFileName(final)}.{Path.GetRandomFileName()}.{why}");

    private static void RequireFree(string asked, string final, bool overwrite, Func<string, bool> isOurs)
    {
        if (Path.GetDirectoryName(final) is null)
        {
            throw new SaveException(asked, "it is the root of a disk. Name a folder in it.");
        }

        if (File.Exists(final))
        {
            throw new SaveException(asked, "it is a file. Name a folder.");
        }

        DirectoryInfo there = new(final);
        if (there.LinkTarget is { } target)
        {
            throw new SaveException(asked, $"it is a link to {target}. Name the folder itself, so that nothing is replaced elsewhere.");
        }

        if (!there.Exists || !there.EnumerateFileSystemInfos().Any())
        {
            return;
        }

        if (!overwrite)
        {
            throw new SaveException(asked, "it is not empty. Choose another name, or ask to overwrite (SaveOptions.Overwrite, --overwrite).");
        }

        if (there.EnumerateFileSystemInfos().FirstOrDefault(f => f is DirectoryInfo || !isOurs(f.Name)) is { } foreign)
        {
            throw new SaveException(asked, $"it holds '{foreign.Name}', which is no file of a saved model and would be lost. Only a folder with nothing but a saved model is overwritten; move that away, or choose another name.");
        }
    }
}
