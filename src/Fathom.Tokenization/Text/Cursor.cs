using System.Text;
using Fathom.Tokenization.PreTokenizers;

namespace Fathom.Tokenization.Text;

/// <summary>Where encoding stands in a text: scalars and pieces seen so far.</summary>
internal struct Cursor(PieceList? pieces)
{
    private int _unit;
    private int _scalarAtUnit;

    /// <summary>Scratch list of pieces; <see langword="null"/> if nobody asks for offsets.</summary>
    public PieceList? Pieces { get; } = pieces;

    /// <summary>Scalars before the segment at hand.</summary>
    public int Scalar { get; set; }

    /// <summary>Pieces before the one at hand.</summary>
    public int Word { get; set; }

    /// <summary>Moves to a UTF-16 position of the text, from where it was last moved to.</summary>
    public void MoveTo(ReadOnlySpan<char> text, int unit)
    {
        if (Pieces is null)
        {
            Scalar = unit; // Only whether this is the beginning matters then.
            return;
        }

        if (unit < _unit)
        {
            (_unit, _scalarAtUnit) = (0, 0);
        }

        _scalarAtUnit += Scalars(text[_unit..unit]);
        (_unit, Scalar) = (unit, _scalarAtUnit);
    }

    /// <summary>How many scalars a text has.</summary>
    public static int Scalars(ReadOnlySpan<char> text)
    {
        if (!text.ContainsAnyInRange('\uD800', '\uDFFF'))
        {
            return text.Length;
        }

        var count = 0;
        foreach (var _ in text.EnumerateRunes())
        {
            count++;
        }

        return count;
    }
}
