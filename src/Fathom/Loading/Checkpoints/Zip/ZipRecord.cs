namespace Fathom.Loading.Checkpoints.Zip;

/// <summary>One file of a zip archive, as directory and local header agree on it.</summary>
/// <param name="Name">The path inside the archive.</param>
/// <param name="Begin">Position of its data in the file.</param>
/// <param name="StoredLength">Bytes in the archive.</param>
/// <param name="Length">Bytes after unpacking.</param>
/// <param name="IsDeflated">True when the data are deflated; otherwise they lie there as they are.</param>
/// <param name="Crc">The CRC-32 of the unpacked bytes; 0 where the writer did not compute it.</param>
internal sealed record ZipRecord(string Name, long Begin, long StoredLength, long Length, bool IsDeflated, uint Crc);
