using System.Buffers.Binary;
using System.Text;

namespace Fathom.Loading.Checkpoints.Zip;

/// <summary>Writes a zip of stored entries with one fixed date, so that the same content gives the same bytes. 64-bit sizes are used where needed.</summary>
internal sealed class ZipWriter(Stream stream)
{
    /// <summary>1 January 1980, the earliest date a zip can hold.</summary>
    private const ushort Date = 0x0021;

    private readonly List<(byte[] Name, uint Crc, long Length, long Header)> _entries = [];

    /// <summary>Adds an entry.</summary>
    /// <param name="name">Its path in the archive.</param>
    /// <param name="write">Writes its content.</param>
    public void Add(string name, Action<Stream> write)
    {
        var raw = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true).GetBytes(name);
        var header = stream.Position;
        stream.Write(Local(raw, 0, 0));
        using CountingStream content = new(stream);
        write(content);
        var end = stream.Position;
        stream.Position = header;
        stream.Write(Local(raw, content.Crc, content.Count));
        stream.Position = end;
        _entries.Add((raw, content.Crc, content.Count, header));
    }

    /// <summary>Writes the directory.</summary>
    public void Finish()
    {
        var begin = stream.Position;
        foreach (var (name, crc, length, header) in _entries)
        {
            WriteEntry(name, crc, length, header);
        }

        var size = stream.Position - begin;
        if (_entries.Count >= 0xFFFF || begin >= uint.MaxValue)
        {
            var record = stream.Position;
            stream.Write(Fields((4, 0x06064B50), (8, 44), (2, 45), (2, 45), (4, 0), (4, 0), (8, _entries.Count), (8, _entries.Count), (8, size), (8, begin)));
            stream.Write(Fields((4, 0x07064B50), (4, 0), (8, record), (4, 1)));
        }

        var count = Math.Min(_entries.Count, 0xFFFF);
        stream.Write(Fields((4, 0x06054B50), (2, 0), (2, 0), (2, count), (2, count), (4, Math.Min(size, uint.MaxValue)), (4, Math.Min(begin, uint.MaxValue)), (2, 0)));
    }

    /// <summary>The local header always carries 64-bit sizes: its length must not depend on a size that is not known yet.</summary>
    private static byte[] Local(byte[] name, uint crc, long length) =>
    [
        .. Fields((4, 0x04034B50), (2, 45), (2, 0x0800), (2, 0), (2, 0), (2, Date), (4, crc), (4, uint.MaxValue), (4, uint.MaxValue), (2, name.Length), (2, 20)),
        .. name,
        .. Fields((2, 1), (2, 16), (8, length), (8, length)),
    ];

    private void WriteEntry(byte[] name, uint crc, long length, long header)
    {
        List<(int, long)> extra = [];
        if (length >= uint.MaxValue)
        {
            extra.AddRange([(8, length), (8, length)]);
        }

        if (header >= uint.MaxValue)
        {
            extra.Add((8, header));
        }

        byte[] field = extra.Count == 0 ? [] : [.. Fields((2, 1), (2, extra.Count * 8)), .. Fields([.. extra])];
        long shortLength = Math.Min(length, uint.MaxValue);
        stream.Write(Fields((4, 0x02014B50), (2, 45), (2, 45), (2, 0x0800), (2, 0), (2, 0), (2, Date), (4, crc), (4, shortLength), (4, shortLength), (2, name.Length), (2, field.Length), (2, 0), (2, 0), (2, 0), (4, 0), (4, Math.Min(header, uint.MaxValue))));
        stream.Write(name);
        stream.Write(field);
    }

    private static byte[] Fields(params (int Width, long Value)[] fields)
    {
        var bytes = new byte[fields.Sum(f => f.Width)];
        var at = 0;
        Span<byte> whole = stackalloc byte[8];
        foreach (var (width, value) in fields)
        {
            BinaryPrimitives.WriteInt64LittleEndian(whole, value);
            whole[..width].CopyTo(bytes.AsSpan(at));
            at += width;
        }

        return bytes;
    }

    /// <summary>Counts and checks what passes.</summary>
    private sealed class CountingStream(Stream inner) : Stream
    {
        private readonly Crc32 _crc = new();

        public uint Crc => _crc.Value;

        public long Count { get; private set; }

        public override bool CanRead => false;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => Count;

        public override long Position
        {
            get => Count;
            set => throw new NotSupportedException();
        }

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            _crc.Append(buffer);
            Count += buffer.Length;
            inner.Write(buffer);
        }

        public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

        public override void Flush()
        {
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();
    }
}
