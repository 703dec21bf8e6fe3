namespace Fathom.Loading.Checkpoints;

/// <summary>Writes a file under a temporary name in the same folder and renames it when it is whole.</summary>
internal static class AtomicFile
{
    /// <summary>Writes the file, or leaves nothing behind.</summary>
    public static void Write(string path, Action<Stream> write)
    {
        var final = Path.GetFullPath(path);
        var temporary = $"{final}.{Path.GetRandomFileName()}.tmp";
        try
        {
            using (FileStream stream = new(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1 << 16))
            {
                write(stream);
                stream.Flush(flushToDisk: true);
            }

            // The rename also protects whoever has the old file open: its bytes stay where they are.
            File.Move(temporary, final, overwrite: true);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
    }
}
