namespace Fathom.Cli;

/// <summary>Writes a file so that it is there whole or not at all.</summary>
internal static class AtomicFile
{
    /// <summary>Lets <paramref name="write"/> fill a draft beside <paramref name="path"/>, then moves it into place.</summary>
    /// <exception cref="CommandException">The folder does not exist, or nothing may be written there.</exception>
    internal static void Write(string path, Action<Stream> write) => Produce(path, draft =>
    {
        using var stream = new FileStream(draft, FileMode.CreateNew, FileAccess.Write);
        write(stream);
    });

    /// <summary>Lets <paramref name="produce"/> write the draft by its path, then moves it into place.</summary>
    /// <exception cref="CommandException">The folder does not exist, or nothing may be written there.</exception>
    internal static void Produce(string path, Action<string> produce) => Draft(path, draft =>
    {
        produce(draft);
        File.Move(draft, Path.GetFullPath(path), overwrite: true);
    });

    /// <summary>Fails now, not after an hour's work, when <paramref name="path"/> could not be written.</summary>
    /// <exception cref="CommandException">The folder does not exist, or nothing may be written there.</exception>
    internal static void CheckWritable(string path) => Draft(path, draft => File.WriteAllBytes(draft, []));

    private static void Draft(string path, Action<string> use)
    {
        var full = Path.GetFullPath(path);
        var folder = Path.GetDirectoryName(full) ?? full;
        if (!Directory.Exists(folder))
        {
            throw CommandException.NotFound($"Cannot write {path}: the folder {folder} does not exist. Create it first, or choose another place.");
        }

        if (Directory.Exists(full))
        {
            throw CommandException.Usage($"Cannot write {path}: it is a folder. Give the name of a file.");
        }

        // The draft keeps the extension, which says the format.
        var draft = Path.Combine(folder, $".{Path.GetFileNameWithoutExtension(full)}.{Path.GetRandomFileName()}{Path.GetExtension(full)}");
        try
        {
            use(draft);
        }
        catch (Exception cause) when (cause is UnauthorizedAccessException or FileNotFoundException or DirectoryNotFoundException)
        {
            throw new CommandException(ExitCode.Failure, $"Cannot write {path}: the system allows no new file in {folder}. Choose a folder that you may write to.", cause);
        }
        catch (IOException cause)
        {
            throw new CommandException(ExitCode.Failure, $"Cannot write {path}: {cause.Message} Make room, or choose another place.", cause);
        }
        finally
        {
            if (File.Exists(draft))
            {
                File.Delete(draft);
            }
        }
    }
}
