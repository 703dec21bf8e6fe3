using System.Text;
using Fathom.Tokenization.Models;

namespace Fathom.Tokenization.Text;

/// <summary>Gives the tokens of the fast path their offsets: a byte-level token covers as many bytes as it has characters.</summary>
internal static class BytePieces
{
    /// <summary>Appends tokens with offsets.</summary>
    public static void Append(ReadOnlySpan<char> text, ReadOnlySpan<int> ids, ReadOnlySpan<(int Ids, int Text)> ends, ByteWordEncoder words, TokenRow row, ref Cursor cursor)
    {
        var (token, unit, scalar) = (0, 0, cursor.Scalar);
        var allSimple = Ascii.IsValid(text);
        row.Tokens.EnsureCapacity(row.Tokens.Count + ids.Length);
        foreach (var (idsEnd, textEnd) in ends)
        {
            var piece = text[unit..textEnd];
            if (allSimple || Ascii.IsValid(piece))
            {
                var start = scalar;
                for (; token < idsEnd; token++)
                {
                    // The last token of a piece ends where the piece does, and most pieces have one.
                    var end = token + 1 == idsEnd && words.HasAllAscii ? scalar + piece.Length : start + words.Bytes(ids[token]);
                    row.Tokens.Add(new TokenEntry(ids[token], start, end) { Word = cursor.Word });
                    start = end;
                }

                scalar += piece.Length;
            }
            else
            {
                var at = new Position();
                for (; token < idsEnd; token++)
                {
                    var start = at.ScalarOf(piece, at.Byte);
                    at.Byte += words.Bytes(ids[token]);
                    row.Tokens.Add(new TokenEntry(ids[token], scalar + start, scalar + at.ScalarOf(piece, at.Byte - 1) + 1) { Word = cursor.Word });
                }

                scalar += Cursor.Scalars(piece);
            }

            cursor.Word++;
            unit = textEnd;
        }

        cursor.Scalar = scalar;
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
