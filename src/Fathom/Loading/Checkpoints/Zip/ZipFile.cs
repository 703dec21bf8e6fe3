using System.Buffers.Binary;
using Fathom.Loading.Checkpoints.Bytes;

namespace Fathom.Loading.Checkpoints.Zip;

/// <summary>A zip archive whose directory, local headers and data agree, without gaps, overlaps or duplicate names.</summary>
/// <remarks>The framework's own reader checks neither CRC nor duplicates nor that directory and local headers agree, so two readers could see two archives.</remarks>
internal sealed class ZipFile
{
    private const int LocalLength = 30, LargestRatio = 100;

    private readonly ByteSource _source;
    private readonly Dictionary<string, ZipRecord> _records = new(StringComparer.Ordinal);

    private ZipFile(ByteSource source) => _source = source;

    /// <summary>The files, by their path in the archive. Folders are left out.</summary>
    public IReadOnlyDictionary<string, ZipRecord> Records => _records;

    /// <summary>Reads and checks the directory and every local header.</summary>
    /// <exception cref="InvalidCheckpointException">The first thing that is wrong.</exception>
    public static ZipFile Open(ByteSource source)
    {
        var (entries, directory) = ZipDirectory.Read(source);
        ZipFile zip = new(source);
        HashSet<string> names = new(StringComparer.OrdinalIgnoreCase);
        long next = 0;
        foreach (var entry in entries.OrderBy(e => e.Header).ThenBy(e => e.Name, StringComparer.Ordinal))
        {
            if (!names.Add(entry.Name.TrimEnd('/')))
            {
                throw source.Invalid($"the zip archive has duplicate names, or names equal but for case: '{entry.Name}'.");
            }

            next = zip.Add(entry, next, directory);
        }

        return next == directory ? zip : throw source.Invalid($"the zip entries end at byte {next}, but the directory begins at {directory}: a gap holds bytes of no entry.");
    }

    /// <summary>The whole content of a small record, inflated if need be, its CRC checked.</summary>
    /// <exception cref="InvalidCheckpointException">The record is larger than <paramref name="most"/>, broken, or a bomb.</exception>
    public byte[] Content(ZipRecord record, long most)
    {
        if (record.Length > most || record.Length / LargestRatio > record.StoredLength)
        {
            throw _source.Invalid($"the zip entry '{record.Name}' unpacks from {record.StoredLength} to {record.Length} bytes; at most {most} and a ratio of at most {LargestRatio} are read.");
        }

        var content = new byte[record.Length];
        using ZipRecordReader reader = new(_source, record);
        reader.Read(0, content);
        return record.Crc == 0 || Crc32.Of(content) == record.Crc ? content : throw BadCrc(record);
    }

    /// <summary>Checks the CRC of a record, whatever its size.</summary>
    /// <exception cref="InvalidCheckpointException">The CRC is neither 0 (not computed) nor right, or the record does not unpack to its length.</exception>
    public void CheckCrc(ZipRecord record)
    {
        if (record.Crc == 0 && !record.IsDeflated)
        {
            return;
        }

        var buffer = new byte[(int)Math.Min(record.Length, 1 << 20)];
        Crc32 crc = new();
        using ZipRecordReader reader = new(_source, record);
        for (long at = 0; at < record.Length; at += buffer.Length)
        {
            var part = buffer.AsSpan(0, (int)Math.Min(buffer.Length, record.Length - at));
            reader.Read(at, part);
            crc.Append(part);
        }

        if (record.Crc != 0 && crc.Value != record.Crc)
        {
            throw BadCrc(record);
        }
    }

    private InvalidCheckpointException BadCrc(ZipRecord record) => _source.Invalid($"the CRC of the zip entry '{record.Name}' is wrong: the file was damaged or changed. Download it again.");

    /// <summary>Checks one entry against its local header and returns where the next must begin.</summary>
    private long Add(ZipEntry entry, long expected, long directory)
    {
        if (entry.Header != expected)
        {
            throw _source.Invalid($"the zip entry '{entry.Name}' begins at byte {entry.Header}, but the entries before it end at {expected}: they overlap, leave a gap, or something stands in front of the archive.");
        }

        if (entry.Header > directory - LocalLength)
        {
            throw Disagrees(entry, "there is no local header at that offset");
        }

        var h = _source.Read(entry.Header, LocalLength);
        int nameLength = U16(h, 26), extraLength = U16(h, 28);
        long data = entry.Header + LocalLength + nameLength + extraLength;
        if (U32(h, 0) != 0x04034B50 || data > directory || entry.StoredLength > directory - data)
        {
            throw Disagrees(entry, "there is no local header at that offset, or its data lie outside the file");
        }

        if (!_source.Read(entry.Header + LocalLength, nameLength).AsSpan().SequenceEqual(entry.RawName) || U16(h, 6) != entry.Flags || U16(h, 8) != entry.Method)
        {
            throw Disagrees(entry, "name, flags or method differ");
        }

        CheckLocalSizes(entry, h, _source.Read(entry.Header + LocalLength + nameLength, extraLength));
        if (entry.Method == 0 && entry.StoredLength != entry.Length)
        {
            throw Disagrees(entry, "a stored entry has two sizes");
        }

        if (!entry.Name.EndsWith('/'))
        {
            _records.Add(entry.Name, new(entry.Name, data, entry.StoredLength, entry.Length, entry.Method == 8, entry.Crc));
        }
        else if (entry.Length != 0)
        {
            throw Disagrees(entry, "a folder has data");
        }

        return data + entry.StoredLength + Descriptor(entry, data + entry.StoredLength, directory);
    }

    private void CheckLocalSizes(ZipEntry entry, byte[] h, byte[] extra)
    {
        uint crc = U32(h, 14), stored = U32(h, 18), length = U32(h, 22);
        if (entry.HasDescriptor && crc == 0 && (stored, length) is (0, 0) or (uint.MaxValue, uint.MaxValue))
        {
            return;
        }

        bool same;
        if (stored == uint.MaxValue || length == uint.MaxValue)
        {
            same = ZipExtra.Find64(_source, entry.Name, extra) is { Length: 16 } sizes && U64(sizes, 0) == (ulong)entry.Length && U64(sizes, 8) == (ulong)entry.StoredLength;
        }
        else
        {
            same = stored == entry.StoredLength && length == entry.Length;
        }

        if (!same || crc != entry.Crc)
        {
            throw Disagrees(entry, "sizes or CRC differ");
        }
    }

    /// <summary>The length of the data descriptor, checked: signature, CRC, two sizes of 4 or 8 bytes.</summary>
    private int Descriptor(ZipEntry entry, long at, long directory)
    {
        if (!entry.HasDescriptor)
        {
            return 0;
        }

        var wide = directory - at >= 24 ? _source.Read(at, 24) : [];
        if (wide.Length == 24 && U32(wide, 0) == 0x08074B50 && U32(wide, 4) == entry.Crc && U64(wide, 8) == (ulong)entry.StoredLength && U64(wide, 16) == (ulong)entry.Length && entry.StoredLength > 0)
        {
            return 24;
        }

        var narrow = directory - at >= 16 ? _source.Read(at, 16) : [];
        return narrow.Length == 16 && U32(narrow, 0) == 0x08074B50 && U32(narrow, 4) == entry.Crc && U32(narrow, 8) == entry.StoredLength && U32(narrow, 12) == entry.Length
            ? 16
            : throw Disagrees(entry, "the data descriptor differs");
    }

    private InvalidCheckpointException Disagrees(ZipEntry entry, string how) => _source.Invalid($"local header and directory disagree about the zip entry '{entry.Name}': {how}.");

    private static ushort U16(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt16LittleEndian(bytes[at..]);

    private static uint U32(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt32LittleEndian(bytes[at..]);

    private static ulong U64(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt64LittleEndian(bytes[at..]);
}
