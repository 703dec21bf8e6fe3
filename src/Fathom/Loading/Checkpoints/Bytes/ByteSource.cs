namespace Fathom.Loading.Checkpoints.Bytes;

/// <summary>A file seen as bytes at positions. Its length, fixed when it is opened, is the only authority on what can be read.</summary>
internal abstract class ByteSource(string name, long length) : IDisposable
{
    /// <summary>The path shown in errors.</summary>
    public string Name { get; } = name;

    /// <summary>The length in bytes when the source was opened.</summary>
    public long Length { get; } = length;

    /// <summary>Fills <paramref name="destination"/> from <paramref name="offset"/>.</summary>
    /// <exception cref="InvalidCheckpointException">The range is not inside the file, or the file became shorter.</exception>
    public void Read(long offset, Span<byte> destination)
    {
        if (offset < 0 || offset > Length || destination.Length > Length - offset)
        {
            throw Invalid($"bytes {offset} to {(Int128)offset + destination.Length} are asked for but the file has {Length}; it is truncated or its offsets are wrong.");
        }

        var done = 0;
        while (done < destination.Length)
        {
            var read = ReadSome(offset + done, destination[done..]);
            if (read <= 0)
            {
                throw Invalid($"the file ended at byte {offset + done} although it had {Length} bytes when it was opened; something changed it. Load it again.");
            }

            done += read;
        }
    }

    /// <summary>Reads a range into a fresh array.</summary>
    /// <exception cref="InvalidCheckpointException">The range is not inside the file.</exception>
    public byte[] Read(long offset, int count)
    {
        if (count < 0 || offset < 0 || offset > Length || count > Length - offset)
        {
            // Checked before the array exists: a claimed length never becomes an allocation.
            throw Invalid($"bytes {offset} to {(Int128)offset + count} are asked for but the file has {Length}; it is truncated or its offsets are wrong.");
        }

        var bytes = GC.AllocateUninitializedArray<byte>(count);
        Read(offset, bytes);
        return bytes;
    }

    /// <summary>The documented exception for this file.</summary>
    public InvalidCheckpointException Invalid(string problem, Exception? inner = null) => new(Name, problem, inner);

    /// <inheritdoc/>
    public void Dispose()
    {
        Close();
        GC.SuppressFinalize(this);
    }

    /// <summary>Reads at least one byte, or returns 0 at the end.</summary>
    protected abstract int ReadSome(long offset, Span<byte> destination);

    /// <summary>Releases the file.</summary>
    protected abstract void Close();
}
