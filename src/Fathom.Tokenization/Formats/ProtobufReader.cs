using System.Buffers.Binary;

namespace Fathom.Tokenization.Formats;

/// <summary>Reads the fields of one protobuf message; nothing is allocated that the bytes do not hold.</summary>
internal ref struct ProtobufReader(ReadOnlySpan<byte> message, string source, string location)
{
    private readonly ReadOnlySpan<byte> _message = message;
    private int _at;
    private int _wire;

    /// <summary>The number of the current field.</summary>
    public int Field { get; private set; }

    /// <summary>Goes to the next field, past the value of the current one; false at the end.</summary>
    public bool Next()
    {
        if (_at >= _message.Length)
        {
            return false;
        }
        var tag = Varint();
        (Field, _wire) = tag >> 3 is > 0 and < 1 << 29 ? ((int)(tag >> 3), (int)(tag & 7)) : throw Error($"{tag} is no field tag");
        return true;
    }

    /// <summary>The value as a whole number.</summary>
    public ulong Number() => _wire == 0 ? Varint() : throw Error($"field {Field} must be a number");

    /// <summary>The value as a boolean.</summary>
    public bool Flag() => Number() != 0;

    /// <summary>The value as a 32-bit float.</summary>
    public float Single() => _wire == 5 ? BinaryPrimitives.ReadSingleLittleEndian(Take(4)) : throw Error($"field {Field} must be a float");

    /// <summary>The value as bytes, as long as the message holds them.</summary>
    public ReadOnlySpan<byte> Bytes()
    {
        if (_wire != 2)
        {
            throw Error($"field {Field} must be text, bytes or a message");
        }
        var length = Varint();
        return length <= (ulong)(_message.Length - _at) ? Take((int)length) : throw Error($"field {Field} says it has {length} bytes, but {_message.Length - _at} are left");
    }

    /// <summary>Leaves the value out.</summary>
    public void Skip()
    {
        switch (_wire)
        {
            case 0:
                Varint();
                break;
            case 1:
                Take(8);
                break;
            case 2:
                Bytes();
                break;
            case 5:
                Take(4);
                break;
            default:
                throw Error($"field {Field} has the wire type {_wire}, which no SentencePiece model uses");
        }
    }

    /// <summary>An error at the current byte.</summary>
    public readonly TokenizerFormatException Error(string problem) => new(source, $"{location}, byte {_at}", problem + ". Is this a SentencePiece model?");

    private ulong Varint()
    {
        ulong value = 0;
        for (var shift = 0; shift < 64; shift += 7)
        {
            var b = Take(1)[0];
            value |= (ulong)(b & 0x7F) << shift;
            if (b < 0x80)
            {
                return value;
            }
        }
        throw Error("a number has more than ten bytes");
    }

    private ReadOnlySpan<byte> Take(int count)
    {
        if (count > _message.Length - _at)
        {
            throw Error("the message ends in the middle of a field");
        }
        _at += count;
        return _message.Slice(_at - count, count);
    }
}
