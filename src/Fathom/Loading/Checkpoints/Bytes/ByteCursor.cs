using System.Buffers.Binary;
using System.Text;

namespace Fathom.Loading.Checkpoints.Bytes;

/// <summary>Reads little-endian numbers and text one after another. Every length is compared with the bytes that are left before anything is allocated.</summary>
internal sealed class ByteCursor(ByteSource source)
{
    private const int Window = 1 << 16;

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly byte[] _window = new byte[(int)Math.Min(Window, source.Length)];
    private long _windowStart;
    private int _windowLength;

    /// <summary>Where the next byte is read.</summary>
    public long Position { get; private set; }

    /// <summary>Bytes from here to the end of the file.</summary>
    public long Remaining => source.Length - Position;

    public byte Byte(string what) => Take(1, what)[0];

    public ushort UInt16(string what) => BinaryPrimitives.ReadUInt16LittleEndian(Take(2, what));

    public uint UInt32(string what) => BinaryPrimitives.ReadUInt32LittleEndian(Take(4, what));

    public ulong UInt64(string what) => BinaryPrimitives.ReadUInt64LittleEndian(Take(8, what));

    public float Single(string what) => BinaryPrimitives.ReadSingleLittleEndian(Take(4, what));

    public double Double(string what) => BinaryPrimitives.ReadDoubleLittleEndian(Take(8, what));

    /// <summary>A count of things that need at least <paramref name="smallest"/> bytes each, so that it cannot exceed what is left.</summary>
    /// <exception cref="InvalidCheckpointException">More things than the rest of the file can hold.</exception>
    public int Count(ulong claimed, int smallest, string what)
    {
        var most = Math.Min(Remaining / smallest, int.MaxValue / 2);
        return claimed <= (ulong)most ? (int)claimed : throw source.Invalid(
            $"{what} claims {claimed} entries, but the {Remaining} bytes left can hold at most {most}: the file is truncated or hostile.");
    }

    /// <summary>Text of a given length in bytes; strict UTF-8.</summary>
    /// <exception cref="InvalidCheckpointException">The length goes beyond the file, or the bytes are not UTF-8.</exception>
    public string Text(ulong length, string what)
    {
        var count = Count(length, 1, what);
        try
        {
            if (count <= _window.Length)
            {
                return Strict.GetString(Take(count, what));
            }

            var bytes = source.Read(Position, count);
            Position += count;
            return Strict.GetString(bytes);
        }
        catch (DecoderFallbackException e)
        {
            throw source.Invalid($"{what} is not UTF-8 text.", e);
        }
    }

    /// <summary>Raw bytes of a given length.</summary>
    public byte[] Bytes(ulong length, string what)
    {
        var bytes = source.Read(Position, Count(length, 1, what));
        Position += bytes.Length;
        return bytes;
    }

    /// <summary>Moves to another position.</summary>
    public void Seek(long position) => Position = position;

    /// <summary>The next bytes, valid until the next call.</summary>
    public ReadOnlySpan<byte> Take(int count, string what)
    {
        if (count > Remaining)
        {
            throw source.Invalid($"the file ends inside {what} (at byte {source.Length}): it is truncated.");
        }

        if (Position < _windowStart || Position + count > _windowStart + _windowLength)
        {
            _windowStart = Position;
            _windowLength = (int)Math.Min(_window.Length, Remaining);
            source.Read(_windowStart, _window.AsSpan(0, _windowLength));
        }

        var span = _window.AsSpan((int)(Position - _windowStart), count);
        Position += count;
        return span;
    }
}
