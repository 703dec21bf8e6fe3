using Fathom.Loading.Checkpoints.Bytes;

namespace Fathom.Loading.Checkpoints.Gguf;

/// <summary>Reads the key-value part of a GGUF header.</summary>
internal sealed class GgufMetadataReader(ByteSource source, ByteCursor cursor)
{
    private const int LongestKey = 65_535;
    private const uint TypeString = 8, TypeArray = 9;

    /// <summary>Bytes of a value of each type, at least; strings and arrays start with a length.</summary>
    private static readonly int[] Smallest = [1, 1, 2, 2, 4, 4, 4, 1, 8, 12, 8, 8, 8];

    /// <summary>Reads the pairs.</summary>
    /// <exception cref="InvalidCheckpointException">The first thing that is wrong.</exception>
    public OrderedDictionary<string, object> Read(ulong claimed)
    {
        // The smallest pair is a one-letter key (9 bytes with its length), a type (4) and one byte of value.
        var count = cursor.Count(claimed, 13, "the metadata");
        OrderedDictionary<string, object> values = new(StringComparer.Ordinal);
        for (var i = 0; i < count; i++)
        {
            var key = Key($"metadata key {i}");
            if (!values.TryAdd(key, Value(cursor.UInt32($"the type of '{key}'"), $"the value of '{key}'")))
            {
                throw source.Invalid($"metadata key '{key}' is given twice (a duplicate).");
            }
        }

        return values;
    }

    private string Key(string what)
    {
        var length = cursor.UInt64(what);
        if (length is 0 or > LongestKey)
        {
            throw source.Invalid($"{what} has a length of {length} bytes; 1 to {LongestKey} are allowed, and {cursor.Remaining} bytes are left in the file.");
        }

        var bytes = cursor.Bytes(length, what);
        return System.Text.Ascii.IsValid(bytes) ? System.Text.Encoding.ASCII.GetString(bytes) : throw source.Invalid($"{what} is not ASCII; keys are lower_snake.dotted.");
    }

    private object Value(uint type, string what) => type switch
    {
        0 or 1 or 2 or 3 or 4 or 5 or 11 => Integer(type, what),
        6 => cursor.Single(what),
        7 => Boolean(what),
        TypeString => cursor.Text(cursor.UInt64(what), what),
        TypeArray => Array(what),
        10 => cursor.UInt64(what) is var value && value > long.MaxValue ? value : (long)value,
        12 => cursor.Double(what),
        _ => throw source.Invalid($"{what} has the unknown value type {type}; 0 to 12 exist."),
    };

    private long Integer(uint type, string what) => type switch
    {
        0 => cursor.Byte(what),
        1 => (sbyte)cursor.Byte(what),
        2 => cursor.UInt16(what),
        3 => (short)cursor.UInt16(what),
        4 => cursor.UInt32(what),
        5 => (int)cursor.UInt32(what),
        10 => cursor.UInt64(what) is var value && value <= long.MaxValue ? (long)value : throw source.Invalid($"{what} holds {value}, above 2^63 - 1."),
        _ => (long)cursor.UInt64(what),
    };

    private bool Boolean(string what) => cursor.Byte(what) switch
    {
        0 => false,
        1 => true,
        var other => throw source.Invalid($"{what} is a boolean of {other}; only 0 and 1 are booleans."),
    };

    private object Array(string what)
    {
        uint type = cursor.UInt32(what);
        if (type == TypeArray)
        {
            // Legal in the specification, written by nobody; refusing them bounds the depth.
            throw source.Invalid($"{what} is an array of arrays (nesting), which is not supported.");
        }

        var claimed = cursor.UInt64(what);
        var count = cursor.Count(claimed, type < Smallest.Length ? Smallest[type] : throw source.Invalid($"{what} has the unknown element type {type}; 0 to 12 exist."), what);
        return type switch
        {
            6 => Fill(count, () => cursor.Single(what)),
            7 => Fill(count, () => Boolean(what)),
            TypeString => Fill(count, () => cursor.Text(cursor.UInt64(what), what)),
            12 => Fill(count, () => cursor.Double(what)),
            _ => Fill(count, () => Integer(type, what)),
        };
    }

    private static T[] Fill<T>(int count, Func<T> next)
    {
        var values = new T[count];
        for (var i = 0; i < count; i++)
        {
            values[i] = next();
        }

        return values;
    }
}
