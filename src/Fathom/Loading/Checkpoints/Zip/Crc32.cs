using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Fathom.Loading.Checkpoints.Zip;

/// <summary>The CRC-32 of zip files, eight bytes at a step.</summary>
/// <remarks>Source: ISO 3309 polynomial 0xEDB88320, reflected; slicing by 8, Kounavis and Berry 2005.</remarks>
internal sealed class Crc32
{
    private static readonly uint[][] Tables = Build();

    private uint _state = uint.MaxValue;

    /// <summary>The checksum of everything appended so far.</summary>
    public uint Value => ~_state;

    /// <summary>The checksum of one block.</summary>
    public static uint Of(ReadOnlySpan<byte> bytes)
    {
        Crc32 crc = new();
        crc.Append(bytes);
        return crc.Value;
    }

    /// <summary>Continues the checksum.</summary>
    public void Append(ReadOnlySpan<byte> bytes)
    {
        var crc = _state;
        uint[] t0 = Tables[0], t1 = Tables[1], t2 = Tables[2], t3 = Tables[3], t4 = Tables[4], t5 = Tables[5], t6 = Tables[6], t7 = Tables[7];
        foreach (var word in MemoryMarshal.Cast<byte, ulong>(bytes))
        {
            var x = (BitConverter.IsLittleEndian ? word : BinaryPrimitives.ReverseEndianness(word)) ^ crc;
            crc = t7[(byte)x] ^ t6[(byte)(x >> 8)] ^ t5[(byte)(x >> 16)] ^ t4[(byte)(x >> 24)]
                ^ t3[(byte)(x >> 32)] ^ t2[(byte)(x >> 40)] ^ t1[(byte)(x >> 48)] ^ t0[x >> 56];
        }

        foreach (var b in bytes[(bytes.Length & ~7)..])
        {
            crc = (crc >> 8) ^ t0[(byte)(crc ^ b)];
        }

        _state = crc;
    }

    private static uint[][] Build()
    {
        var tables = Enumerable.Range(0, 8).Select(_ => new uint[256]).ToArray();
        for (uint i = 0; i < 256; i++)
        {
            var crc = i;
            for (var bit = 0; bit < 8; bit++)
            {
                crc = (crc & 1) != 0 ? (crc >> 1) ^ 0xEDB88320 : crc >> 1;
            }

            tables[0][i] = crc;
        }

        for (var k = 1; k < 8; k++)
        {
            for (var i = 0; i < 256; i++)
            {
                tables[k][i] = (tables[k - 1][i] >> 8) ^ tables[0][(byte)tables[k - 1][i]];
            }
        }

        return tables;
    }
}
