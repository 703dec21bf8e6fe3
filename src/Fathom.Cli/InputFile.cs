namespace Fathom.Cli;

/// <summary>Files that the user names to be read.</summary>
internal static class InputFile
{
    /// <summary>The bytes of a file.</summary>
    /// <exception cref="CommandException">It is not there, is a folder, or may not be read.</exception>
    internal static byte[] ReadAll(string path) => Open(path, File.ReadAllBytes);

    /// <summary>Runs <paramref name="read"/> on a path that exists, with its failures in words.</summary>
    /// <exception cref="CommandException">It is not there, is a folder, or may not be read.</exception>
    internal static T Open<T>(string path, Func<string, T> read)
    {
        if (Directory.Exists(path))
        {
            throw CommandException.Usage($"{path} is a folder; a file is needed here.");
        }

        if (!File.Exists(path))
        {
            throw CommandException.NotFound($"There is no file {path} (looked from {Environment.CurrentDirectory}).");
        }

        try
        {
            return read(path);
        }
        catch (UnauthorizedAccessException cause)
        {
            throw new CommandException(ExitCode.Failure, $"{path} may not be read by this user. Change its permissions or copy it.", cause);
        }
    }
}
