using System.Buffers.Binary;
using System.Text;
using Fathom.Plots.Colors;

namespace Fathom.Plots.Svg;

/// <summary>A picture of up to 256 colours, one pixel a cell, colour 0 transparent. Stored without compression, so the bytes are the same on every machine.</summary>
internal static class IndexedPng
{
    public static string DataUri(int width, int height, byte[] pixels, IReadOnlyList<Rgb> colors)
    {
        using var file = new MemoryStream();
        file.Write([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
        var header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), height);
        (header[8], header[9]) = (8, 3);
        Chunk(file, "IHDR", header);
        Chunk(file, "PLTE", [.. colors.SelectMany(c => new[] { c.R, c.G, c.B })]);
        Chunk(file, "tRNS", [0]);
        Chunk(file, "IDAT", Stored(Scanlines(width, height, pixels)));
        Chunk(file, "IEND", []);
        return "data:image/png;base64," + Convert.ToBase64String(file.ToArray());
    }

    private static byte[] Scanlines(int width, int height, byte[] pixels)
    {
        var raw = new byte[height * (width + 1)];
        for (var y = 0; y < height; y++)
        {
            pixels.AsSpan(y * width, width).CopyTo(raw.AsSpan((y * (width + 1)) + 1));
        }

        return raw;
    }

    /// <summary>A zlib stream of stored blocks.</summary>
    private static byte[] Stored(byte[] raw)
    {
        using var stream = new MemoryStream();
        stream.Write([0x78, 0x01]);
        for (var at = 0; at < raw.Length; at += 65535)
        {
            var length = Math.Min(65535, raw.Length - at);
            stream.WriteByte((byte)(at + length == raw.Length ? 1 : 0));
            stream.Write([(byte)length, (byte)(length >> 8), (byte)~length, (byte)(~length >> 8)]);
            stream.Write(raw, at, length);
        }

        var (a, b) = (1u, 0u);
        foreach (var value in raw)
        {
            a = (a + value) % 65521;
            b = (b + a) % 65521;
        }

        stream.Write(BigEndian((b << 16) | a));
        return stream.ToArray();
    }

    private static void Chunk(Stream file, string type, byte[] data)
    {
        byte[] body = [.. Encoding.ASCII.GetBytes(type), .. data];
        file.Write(BigEndian((uint)data.Length));
        file.Write(body);
        file.Write(BigEndian(Crc(body)));
    }

    private static uint Crc(byte[] bytes)
    {
        var crc = 0xffffffffu;
        foreach (var value in bytes)
        {
            crc ^= value;
            for (var k = 0; k < 8; k++)
            {
                crc = (crc & 1) != 0 ? 0xedb88320u ^ (crc >> 1) : crc >> 1;
            }
        }

        return ~crc;
    }

    private static byte[] BigEndian(uint value)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, value);
        return bytes;
    }
}
