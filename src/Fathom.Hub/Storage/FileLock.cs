namespace Fathom.Hub.Storage;

/// <summary>The lock on one blob, understood by Python's <c>filelock</c> and by every process here.</summary>
/// <remarks>
/// On Unix it is flock, which <see cref="FileShare.None"/> takes; on Windows byte 0 is locked. The file stays when the lock goes.
/// Some network file systems ignore locks: correctness rests on unique temporary names and renames, the lock only saves downloads.
/// </remarks>
internal sealed class FileLock : IDisposable
{
    private const UnixFileMode Mode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.OtherRead;

    private readonly FileStream _file;

    private FileLock(FileStream file) => _file = file;

    /// <summary>Waits for the lock.</summary>
    /// <param name="path">The lock's file; its folder is made.</param>
    /// <param name="waiting">Told once if another holds the lock.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public static async Task<FileLock> Acquire(string path, Action? waiting, CancellationToken cancellation)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        for (var pause = 10; ; pause = Math.Min(200, pause * 2))
        {
            if (TryAcquire(path) is { } held)
            {
                return held;
            }

            waiting?.Invoke();
            waiting = null;
            await Task.Delay(pause, cancellation).ConfigureAwait(false);
        }
    }

    /// <summary>Takes the lock if nobody holds it; null otherwise.</summary>
    public static FileLock? TryAcquire(string path)
    {
        if (new FileInfo(path).LinkTarget is not null)
        {
            throw new HubIntegrityException(path, $"The lock {path} is a link, which no client makes. Remove it, and look who else writes to this cache.");
        }

        FileStream? file = null;
        try
        {
            var options = new FileStreamOptions
            {
                Mode = FileMode.OpenOrCreate,
                Access = FileAccess.ReadWrite,
                Share = OperatingSystem.IsWindows() ? FileShare.ReadWrite : FileShare.None,
                BufferSize = 0,
            };
            if (!OperatingSystem.IsWindows())
            {
                options.UnixCreateMode = Mode;
            }

            file = new FileStream(path, options);
            if (OperatingSystem.IsWindows())
            {
                file.Lock(0, 1);
            }

            return new FileLock(file);
        }
        catch (IOException e) when (IsHeld(e))
        {
            file?.Dispose();
            return null;
        }
    }

    public void Dispose() => _file.Dispose();

    /// <summary>Whether opening a file failed because another handle holds it.</summary>
    public static bool IsHeld(IOException e) => OperatingSystem.IsWindows() ? (e.HResult & 0xFFFF) is 32 or 33 : e.GetType() == typeof(IOException) && e.HResult is 11 or 35 or unchecked((int)0x80070020);
}
