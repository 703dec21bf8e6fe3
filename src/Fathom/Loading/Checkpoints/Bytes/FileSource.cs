using Microsoft.Win32.SafeHandles;

namespace Fathom.Loading.Checkpoints.Bytes;

/// <summary>A file on disk, read by position and never mapped.</summary>
/// <remarks>
/// Reading a mapped file that somebody truncates kills the process (SIGBUS, not catchable); a positional read returns
/// fewer bytes, which is an ordinary exception. Copying costs about a quarter of a second for half a gigabyte.
/// </remarks>
internal sealed class FileSource : ByteSource
{
    private readonly SafeFileHandle _handle;

    private FileSource(string path, SafeFileHandle handle)
        : base(path, RandomAccess.GetLength(handle)) => _handle = handle;

    /// <summary>Opens a file for reading.</summary>
    /// <exception cref="InvalidCheckpointException">There is no such file, or it cannot be opened.</exception>
    public static FileSource Open(string path)
    {
        SafeFileHandle? handle = null;
        try
        {
            handle = File.OpenHandle(path);
            return new FileSource(path, handle);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            handle?.Dispose();
            throw new InvalidCheckpointException(path, e is FileNotFoundException or DirectoryNotFoundException
                ? "there is no such file. Check the path, or download the model first."
                : $"the file cannot be opened: {e.Message}", e);
        }
    }

    /// <inheritdoc/>
    protected override int ReadSome(long offset, Span<byte> destination)
    {
        try
        {
            return RandomAccess.Read(_handle, destination, offset);
        }
        catch (IOException e)
        {
            throw Invalid($"reading at byte {offset} failed: {e.Message}", e);
        }
    }

    /// <inheritdoc/>
    protected override void Close() => _handle.Dispose();
}
