using System.Buffers;
using System.Text;

namespace Fathom.Tokenization.Text;

/// <summary>A piece as UTF-8, and the way back from its bytes to the original text.</summary>
internal readonly ref struct PieceBytes
{
    private readonly TextPiece _piece;
    private readonly byte[] _bytes;
    private readonly int[] _scalarOfByte;
    private readonly int _count;

    public PieceBytes(TextPiece piece)
    {
        _piece = piece;
        _bytes = ArrayPool<byte>.Shared.Rent(piece.Length * 4);
        _scalarOfByte = ArrayPool<int>.Shared.Rent(piece.Length * 4);
        var scalars = piece.Scalars;
        for (var i = 0; i < scalars.Length; i++)
        {
            var size = new Rune(scalars[i]).EncodeToUtf8(_bytes.AsSpan(_count));
            _scalarOfByte.AsSpan(_count, size).Fill(i);
            _count += size;
        }
    }

    /// <summary>The UTF-8.</summary>
    public ReadOnlySpan<byte> Utf8 => _bytes.AsSpan(0, _count);

    /// <summary>The original scalars that the bytes <c>[start, end)</c> came from.</summary>
    public (int Start, int End) Origin(int start, int end)
    {
        // Lengths can run past the text where a model counts bytes of its own suffix; the reference then gives the raw numbers.
        if (end > _count || start >= end)
        {
            return (_piece.OriginalStart + start, _piece.OriginalStart + end);
        }

        return (_piece.Start(_scalarOfByte[start]), _piece.End(_scalarOfByte[end - 1]));
    }

    /// <summary>Gives the memory back.</summary>
    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(_bytes);
        ArrayPool<int>.Shared.Return(_scalarOfByte);
    }
}
