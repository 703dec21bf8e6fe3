using System.IO.Compression;
using Fathom.Loading.Checkpoints.Bytes;

namespace Fathom.Loading.Checkpoints.Zip;

/// <summary>Reads a record by position. Deflated ones are unpacked as they are read; going back starts again from their beginning.</summary>
internal sealed class ZipRecordReader(ByteSource source, ZipRecord record) : IDisposable
{
    private DeflateStream? _deflate;
    private long _position;

    /// <summary>Fills the destination from a position inside the record.</summary>
    /// <exception cref="InvalidCheckpointException">The position is outside the record, or it does not unpack.</exception>
    public void Read(long offset, Span<byte> destination)
    {
        if (offset < 0 || offset > record.Length || destination.Length > record.Length - offset)
        {
            throw source.Invalid($"the zip entry '{record.Name}' has {record.Length} bytes, but bytes {offset} to {(Int128)offset + destination.Length} are needed.");
        }

        if (!record.IsDeflated)
        {
            source.Read(record.Begin + offset, destination);
            return;
        }

        try
        {
            if (_deflate is null || offset < _position)
            {
                _deflate?.Dispose();
                _deflate = new(new SourceStream(source, record.Begin, record.StoredLength), CompressionMode.Decompress);
                _position = 0;
            }

            Skip(offset - _position);
            _deflate.ReadExactly(destination);
            _position += destination.Length;
            if (_position == record.Length && _deflate.ReadByte() >= 0)
            {
                throw source.Invalid($"the zip entry '{record.Name}' unpacks to more than its {record.Length} bytes.");
            }
        }
        catch (Exception e) when (e is InvalidDataException or EndOfStreamException)
        {
            throw source.Invalid($"the zip entry '{record.Name}' does not unpack to its {record.Length} bytes: {e.Message}", e);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _deflate?.Dispose();

    private void Skip(long count)
    {
        var buffer = new byte[(int)Math.Min(count, 1 << 16)];
        while (count > 0)
        {
            var part = buffer.AsSpan(0, (int)Math.Min(count, buffer.Length));
            _deflate!.ReadExactly(part);
            _position += part.Length;
            count -= part.Length;
        }
    }

    /// <summary>A stretch of a file as a stream.</summary>
    private sealed class SourceStream(ByteSource source, long begin, long length) : Stream
    {
        private long _at;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => length;

        public override long Position
        {
            get => _at;
            set => throw new NotSupportedException();
        }

        public override int Read(Span<byte> buffer)
        {
            var count = (int)Math.Min(buffer.Length, length - _at);
            source.Read(begin + _at, buffer[..count]);
            _at += count;
            return count;
        }

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
