namespace Fathom.Loading.Checkpoints.Zip;

/// <summary>One line of a zip's central directory.</summary>
/// <param name="Name">The path inside the archive.</param>
/// <param name="RawName">Its bytes, which the local header must repeat.</param>
/// <param name="Flags">The general-purpose bits.</param>
/// <param name="Method">0 stored, 8 deflated.</param>
/// <param name="Crc">CRC-32 of the unpacked bytes.</param>
/// <param name="StoredLength">Bytes in the archive.</param>
/// <param name="Length">Bytes after unpacking.</param>
/// <param name="Header">Position of the local header.</param>
/// <param name="Zip64">True when a size or the position needs 64 bits.</param>
internal sealed record ZipEntry(string Name, byte[] RawName, ushort Flags, ushort Method, uint Crc, long StoredLength, long Length, long Header, bool Zip64)
{
    /// <summary>The bit that says: sizes and CRC follow the data.</summary>
    public bool HasDescriptor => (Flags & 8) != 0;
}
