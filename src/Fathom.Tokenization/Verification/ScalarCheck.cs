using System.Globalization;
using System.Text;

namespace Fathom.Tokenization.Verification;

/// <summary>Compares the ids of <c>"a" + scalar + "b"</c> for every Unicode scalar.</summary>
/// <remarks>
/// The file holds, per scalar in order: a varint count, then per id the zigzag varint of its difference from the id at the same place for
/// the scalar before (0 if it had none). Varints are LEB128.
/// </remarks>
internal static class ScalarCheck
{
    /// <summary>Compares every <paramref name="stride"/>-th scalar.</summary>
    public static void Run(Tokenizer tokenizer, Stream golden, int stride, Differences differences)
    {
        using var buffered = new BufferedStream(golden, 1 << 16);
        List<int> expected = [];
        for (var scalar = 0; scalar <= 0x10FFFF; scalar++)
        {
            if (!Rune.IsValid(scalar))
            {
                continue;
            }

            expected = Next(buffered, expected);
            if (scalar % stride != 0)
            {
                continue;
            }

            var text = "a" + new Rune(scalar) + "b";
            var actual = tokenizer.EncodeToIds(text, addSpecialTokens: false);
            differences.Count(actual.AsSpan().SequenceEqual(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(expected))
                ? null
                : string.Create(CultureInfo.InvariantCulture, $"U+{scalar:X4} between a and b: expected [{string.Join(' ', expected)}], got [{string.Join(' ', actual)}]"));
        }
    }

    private static List<int> Next(Stream stream, List<int> before)
    {
        var count = Varint(stream);
        var ids = new List<int>();
        for (uint i = 0; i < count; i++)
        {
            var zigzag = Varint(stream);
            var delta = (int)(zigzag >> 1) ^ -(int)(zigzag & 1);
            ids.Add(delta + (i < before.Count ? before[(int)i] : 0));
        }

        return ids;
    }

    private static uint Varint(Stream stream)
    {
        uint value = 0;
        for (var shift = 0; shift < 35; shift += 7)
        {
            var next = stream.ReadByte();
            if (next < 0)
            {
                break;
            }

            value |= (uint)(next & 0x7F) << shift;
            if (next < 0x80)
            {
                return value;
            }
        }

        throw new InvalidDataException("The file of all scalars ends early or holds a number that is too long.");
    }
}
