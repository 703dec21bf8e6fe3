using System.Buffers.Binary;

namespace Fathom.Tokenization.Normalizers;

/// <summary>The trie and the values of a compiled character map: a double array, then strings that end in NUL.</summary>
internal sealed class CharsMap
{
    private readonly uint[] _units;
    private readonly byte[] _values;

    /// <param name="data">Four bytes with the size of the trie in bytes, the trie, the values.</param>
    /// <exception cref="InvalidDataException">The sizes do not agree.</exception>
    public CharsMap(ReadOnlySpan<byte> data)
    {
        var size = data.Length < 4 ? 0 : BinaryPrimitives.ReadUInt32LittleEndian(data);
        if (data.Length < 4 || size > data.Length - 4 || size % 4 != 0)
        {
            throw new InvalidDataException($"a character map of {data.Length} bytes cannot hold a trie of {size} bytes.");
        }

        _units = new uint[size / 4];
        for (var i = 0; i < _units.Length; i++)
        {
            _units[i] = BinaryPrimitives.ReadUInt32LittleEndian(data[(4 + (4 * i))..]);
        }

        _values = data[(4 + (int)size)..].ToArray();
    }

    /// <summary>The bytes that the map was made of.</summary>
    public byte[] ToBytes()
    {
        var data = new byte[4 + (4 * _units.Length) + _values.Length];
        BinaryPrimitives.WriteUInt32LittleEndian(data, (uint)(4 * _units.Length));
        for (var i = 0; i < _units.Length; i++)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(data.AsSpan(4 + (4 * i)), _units[i]);
        }

        _values.CopyTo(data, data.Length - _values.Length);
        return data;
    }

    /// <summary>The value of the shortest key that is a prefix of <paramref name="key"/>, or <see langword="null"/>.</summary>
    public int[]? Find(ReadOnlySpan<byte> key)
    {
        uint position = 0;
        if (!TryUnit(position, out var unit))
        {
            return null;
        }

        position ^= Offset(unit);
        foreach (var b in key)
        {
            if (b == 0)
            {
                return null;
            }

            position ^= b;
            if (!TryUnit(position, out unit) || (unit & 0x800000FF) != b)
            {
                return null;
            }

            position ^= Offset(unit);
            if ((unit & 0x100) != 0)
            {
                return TryUnit(position, out var leaf) ? Value(leaf & 0x7FFFFFFF) : null;
            }
        }

        return null;
    }

    private static uint Offset(uint unit) => (unit >> 10) << (int)((unit & 0x200) >> 6);

    private bool TryUnit(uint position, out uint unit)
    {
        unit = position < _units.Length ? _units[position] : 0;
        return position < _units.Length;
    }

    private int[]? Value(uint start)
    {
        if (start > _values.Length)
        {
            return null;
        }

        var rest = _values.AsSpan((int)start);
        var end = rest.IndexOf((byte)0);
        return [.. System.Text.Encoding.UTF8.GetString(end < 0 ? rest : rest[..end]).EnumerateRunes().Select(rune => rune.Value)];
    }
}
