using System.Security.Cryptography;

namespace Fathom.Hub.Storage;

/// <summary>A blob on its way: a file under a name that nobody takes for finished.</summary>
/// <remarks>
/// The name is <c>{etag}.{8 hex}.incomplete</c>, unique to one writer, made with O_EXCL so that a planted link is refused. What a killed
/// process left is taken over by renaming it, but only when its writer has been silent for longer than any writer is: on file systems
/// that ignore locks that is the only sign. Times are compared with that of a file just made in the same folder, so clocks do not matter.
/// </remarks>
internal sealed class IncompleteBlob : IDisposable
{
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(20);

    private readonly string _path;
    private bool _done;

    private IncompleteBlob(string path, FileStream stream)
    {
        _path = path;
        Stream = stream;
    }

    /// <summary>The file, at its beginning.</summary>
    public FileStream Stream { get; }

    /// <summary>Opens a file for a blob's content, with what an earlier attempt left if that can be trusted to be abandoned.</summary>
    /// <param name="blobs">The repository's blobs folder.</param>
    /// <param name="etag">The blob's name.</param>
    /// <param name="length">The blob's length.</param>
    public static IncompleteBlob Open(string blobs, string etag, long length)
    {
        Directory.CreateDirectory(blobs);
        var path = Path.Combine(blobs, $"{etag}.{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(4))}.incomplete");
        var fresh = new FileStream(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, 0);
        var left = Abandoned(path, etag).Where(f => f.Length > 0 && f.Length <= length).OrderByDescending(f => f.Length).FirstOrDefault();
        if (left is null || !IsFree(left.FullName))
        {
            return new IncompleteBlob(path, fresh);
        }

        try
        {
            File.Move(left.FullName, path, overwrite: true);
        }
        catch (FileNotFoundException)
        {
            // Another process was faster; ours is still the fresh file.
            return new IncompleteBlob(path, fresh);
        }

        fresh.Dispose();
        return new IncompleteBlob(path, new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.None, 0));
    }

    /// <summary>Empties the file, to begin again.</summary>
    public void Restart()
    {
        Stream.SetLength(0);
        Stream.Position = 0;
    }

    /// <summary>Gives the finished file its final name; readers see all of it or nothing.</summary>
    public void Publish(string target)
    {
        Stream.Flush(flushToDisk: true);
        Stream.Dispose();
        Directory.CreateDirectory(Path.GetDirectoryName(target)!);
        File.Move(_path, target, overwrite: true);
        _done = true;
    }

    /// <summary>Removes the file.</summary>
    public void Discard()
    {
        Stream.Dispose();
        File.Delete(_path);
        _done = true;
    }

    /// <summary>Closes the file; unless it was published it stays, marked as abandoned, so that the next attempt resumes it.</summary>
    public void Dispose()
    {
        if (_done)
        {
            return;
        }

        var isEmpty = Stream.Length == 0;
        Stream.Dispose();
        if (isEmpty)
        {
            File.Delete(_path);
        }
        else
        {
            File.SetLastWriteTimeUtc(_path, File.GetLastWriteTimeUtc(_path) - TimeSpan.FromHours(1));
        }
    }

    /// <summary>Removes what killed processes left of a blob that is now complete.</summary>
    public static void RemoveAbandoned(string blobs, string etag, string complete)
    {
        foreach (var left in Abandoned(complete, etag, blobs).Where(f => IsFree(f.FullName)))
        {
            left.Delete();
        }
    }

    private static FileInfo[] Abandoned(string newest, string etag, string? blobs = null)
    {
        var now = File.GetLastWriteTimeUtc(newest);
        return [.. new DirectoryInfo(blobs ?? Path.GetDirectoryName(newest)!).EnumerateFiles($"{etag}.????????.incomplete")
            .Where(f => f.LinkTarget is null && f.FullName != newest && now - f.LastWriteTimeUtc >= Silence)];
    }

    private static bool IsFree(string path)
    {
        try
        {
            using var probe = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.None, 0);
            return true;
        }
        catch (Exception e) when (e is UnauthorizedAccessException or FileNotFoundException || (e is IOException io && FileLock.IsHeld(io)))
        {
            return false;
        }
    }
}
