using System.Text;
using Fathom.Tokenization.Models;

namespace Fathom.Tokenization.Text;

/// <summary>Gives the tokens of the fast path their offsets: a byte-level token covers as many bytes as it has characters.</summary>
internal static class BytePieces
{
    /// <summary>Appends tokens with offsets.</summary>
    public static void Append(ReadOnlySpan<char> text, ReadOnlySpan<int> ids, ReadOnlySpan<(int Ids, int Text)> ends, Vocabulary vocabulary, TokenRow row, ref Cursor cursor)
    {
        var (token, unit, scalar) = (0, 0, cursor.Scalar);
        foreach (var (idsEnd, textEnd) in ends)
        {
            var piece = text[unit..textEnd];
            var simple = Ascii.IsValid(piece);
            var at = new Position();
            for (; token < idsEnd; token++)
            {
                var bytes = Characters(vocabulary.Utf8(ids[token]));
                var start = simple ? at.Byte : at.ScalarOf(piece, at.Byte);
                at.Byte += bytes;
                var end = simple ? at.Byte : at.ScalarOf(piece, at.Byte - 1) + 1;
                row.Tokens.Add(new TokenEntry(ids[token], scalar + start, scalar + end) { Word = cursor.Word });
            }

            cursor.Word++;
            unit = textEnd;
            scalar += simple ? piece.Length : Cursor.Scalars(piece);
        }

        cursor.Scalar = scalar;
    }

    private static int Characters(ReadOnlySpan<byte> utf8)
    {
        var count = 0;
        foreach (var b in utf8)
        {
            count += (b & 0xC0) != 0x80 ? 1 : 0;
        }

        return count;
    }

    private ref struct Position
    {
        private int _scalar;
        private int _unit;
        private int _firstByte;

        public int Byte { get; set; }

        // Bytes are asked for in rising order, so the walk never goes back.
        public int ScalarOf(ReadOnlySpan<char> piece, int target)
        {
            while (_unit < piece.Length)
            {
                Rune.DecodeFromUtf16(piece[_unit..], out var rune, out var units);
                if (target < _firstByte + rune.Utf8SequenceLength)
                {
                    return _scalar;
                }

                _firstByte += rune.Utf8SequenceLength;
                _unit += units;
                _scalar++;
            }

            return _scalar;
        }
    }
}
