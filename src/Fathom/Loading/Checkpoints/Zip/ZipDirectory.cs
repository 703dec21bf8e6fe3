using System.Buffers.Binary;
using Fathom.Loading.Checkpoints.Bytes;

namespace Fathom.Loading.Checkpoints.Zip;

/// <summary>Finds a zip's central directory and reads it. The end record is the end of the file: nothing may follow it, not even a comment.</summary>
/// <remarks>Source: APPNOTE.TXT 6.3.10, sections 4.3.12 to 4.3.16 and 4.5.3.</remarks>
internal static class ZipDirectory
{
    private const int EndLength = 22, LocatorLength = 20, Zip64EndLength = 56, EntryLength = 46, MostEntries = 1_000_000;

    /// <summary>The entries, in directory order, and where the directory begins.</summary>
    /// <exception cref="InvalidCheckpointException">The first thing that is wrong.</exception>
    public static (List<ZipEntry> Entries, long Begin) Read(ByteSource source)
    {
        var (begin, length, count) = Locate(source);
        if (count > Math.Min(length / EntryLength, MostEntries))
        {
            throw source.Invalid($"the zip directory claims {count} entries, but its {length} bytes hold at most {length / EntryLength} (and at most {MostEntries} are read).");
        }

        ByteCursor cursor = new(source);
        cursor.Seek(begin);
        List<ZipEntry> entries = [];
        for (var i = 0; i < (int)count; i++)
        {
            entries.Add(Entry(source, cursor));
        }

        return cursor.Position == begin + length ? (entries, begin) : throw source.Invalid(
            $"the zip directory size of {length} bytes does not fit its {count} entries, which take {cursor.Position - begin}.");
    }

    private static (long Begin, long Length, long Count) Locate(ByteSource source)
    {
        if (source.Length < EndLength)
        {
            throw source.Invalid("the zip archive has no end record: it is truncated.");
        }

        var end = source.Length - EndLength;
        var e = source.Read(end, EndLength);
        if (U32(e, 0) != 0x06054B50)
        {
            throw source.Invalid("the file does not end with a zip end record: it is truncated, or something (an archive comment, junk) was appended.");
        }

        if (U16(e, 20) != 0)
        {
            throw source.Invalid("the zip archive has a comment, which no checkpoint writer makes.");
        }

        if (U16(e, 4) != 0 || U16(e, 6) != 0 || (U16(e, 8) != U16(e, 10) && U16(e, 8) != 0xFFFF && U16(e, 10) != 0xFFFF))
        {
            throw source.Invalid("the zip archive is spread over several disks, which is not supported.");
        }

        long count = U16(e, 10), length = U32(e, 12), begin = U32(e, 16), limit = end;
        if (end >= LocatorLength && U32(source.Read(end - LocatorLength, 4), 0) == 0x07064B50)
        {
            (begin, length, count, limit) = Zip64(source, end - LocatorLength, begin, length, count);
        }
        else if (count == 0xFFFF || length == uint.MaxValue || begin == uint.MaxValue)
        {
            throw source.Invalid("the zip end record refers to a zip64 record that is not there.");
        }

        return (UInt128)(ulong)begin + (ulong)length == (UInt128)(ulong)limit && begin >= 0 && length >= 0
            ? (begin, length, count)
            : throw source.Invalid($"the zip directory is said to lie at {(ulong)begin} with {(ulong)length} bytes, which does not end at the end record at {limit}: it is outside the file, or bytes were put between.");
    }

    private static (long Begin, long Length, long Count, long Limit) Zip64(ByteSource source, long locator, long begin, long length, long count)
    {
        var l = source.Read(locator, LocatorLength);
        var record = U64(l, 8);
        if (U32(l, 4) != 0 || U32(l, 16) > 1 || locator < Zip64EndLength || record != (ulong)(locator - Zip64EndLength))
        {
            throw source.Invalid($"the zip64 locator points at {record}, but the record must lie just before it: outside the file, or several disks.");
        }

        var r = source.Read((long)record, Zip64EndLength);
        ulong count64 = U64(r, 32), length64 = U64(r, 40), begin64 = U64(r, 48);
        if (U32(r, 0) != 0x06064B50 || U64(r, 4) != Zip64EndLength - 12 || U32(r, 16) != 0 || U32(r, 20) != 0 || U64(r, 24) != count64)
        {
            throw source.Invalid("the zip64 end record is malformed, or names several disks.");
        }

        // Two sets of numbers that differ would let two readers see two archives.
        return Agrees(count, 0xFFFF, count64) && Agrees(length, uint.MaxValue, length64) && Agrees(begin, uint.MaxValue, begin64)
            ? (begin64 <= long.MaxValue ? (long)begin64 : -1, length64 <= long.MaxValue ? (long)length64 : -1, (long)Math.Min(count64, long.MaxValue), (long)record)
            : throw source.Invalid("the zip64 and the 32-bit end records disagree.");
    }

    private static bool Agrees(long small, long placeholder, ulong large) => small == placeholder || (ulong)small == large;

    private static ZipEntry Entry(ByteSource source, ByteCursor cursor)
    {
        var h = cursor.Take(EntryLength, "the zip directory").ToArray();
        if (U32(h, 0) != 0x02014B50)
        {
            throw source.Invalid("the zip directory holds something that is no entry.");
        }

        int nameLength = U16(h, 28), extraLength = U16(h, 30), commentLength = U16(h, 32);
        var raw = cursor.Take(nameLength, "the zip directory").ToArray();
        var extra = cursor.Take(extraLength, "the zip directory").ToArray();
        var name = ZipNames.Read(source, raw);
        if (U16(h, 34) != 0)
        {
            throw source.Invalid($"the zip entry '{name}' is on another disk; several disks are not supported.");
        }

        if (commentLength != 0)
        {
            throw source.Invalid($"the zip entry '{name}' has a comment, which no checkpoint writer makes.");
        }

        if (((U32(h, 38) >> 16) & 0xF000) is not (0 or 0x8000 or 0x4000))
        {
            throw source.Invalid($"the zip entry '{name}' is marked as a symbolic link or device; an entry is a regular file.");
        }

        ushort flags = U16(h, 8), method = U16(h, 10);
        if ((flags & 0x2041) != 0)
        {
            throw source.Invalid($"the zip entry '{name}' is encrypted, which is not supported.");
        }

        if ((flags & ~0x080E) != 0 || method is not (0 or 8))
        {
            throw source.Invalid($"the zip entry '{name}' uses compression method {method} with flags 0x{flags:X4}; only stored entries and a deflated pickle are read.");
        }

        return Sizes(source, new(name, raw, flags, method, U32(h, 16), U32(h, 20), U32(h, 24), U32(h, 42), Zip64: false), extra);
    }

    private static ZipEntry Sizes(ByteSource source, ZipEntry entry, byte[] extra)
    {
        var fields = ZipExtra.Find64(source, entry.Name, extra);
        if (fields is null)
        {
            return entry.StoredLength != uint.MaxValue && entry.Length != uint.MaxValue && entry.Header != uint.MaxValue
                ? entry
                : throw source.Invalid($"the zip entry '{entry.Name}' refers to a zip64 field that is not there.");
        }

        var at = 0;
        long Next(long small)
        {
            if (small != uint.MaxValue)
            {
                return small;
            }

            if (at + 8 > fields.Length)
            {
                throw source.Invalid($"the zip64 field of '{entry.Name}' is too short.");
            }

            var value = U64(fields, at);
            at += 8;
            return value <= (ulong)source.Length ? (long)value : throw source.Invalid($"the zip64 field of '{entry.Name}' claims {value}, outside the file.");
        }

        long length = Next(entry.Length), stored = Next(entry.StoredLength), header = Next(entry.Header);
        return at == fields.Length && at > 0
            ? entry with { Length = length, StoredLength = stored, Header = header, Zip64 = true }
            : throw source.Invalid($"the zip entry '{entry.Name}' carries a zip64 field that its sizes do not need: two sizes for one entry.");
    }

    private static ushort U16(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt16LittleEndian(bytes[at..]);

    private static uint U32(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt32LittleEndian(bytes[at..]);

    private static ulong U64(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt64LittleEndian(bytes[at..]);
}
