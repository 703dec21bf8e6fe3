using System.Text;

namespace Fathom.Tokenization.Text;

/// <summary>Turns positions counted in scalars of a text into positions counted in UTF-16 units or UTF-8 bytes.</summary>
internal sealed class OffsetMap
{
    private readonly int[]? _positions;

    private OffsetMap(int[]? positions) => _positions = positions;

    /// <summary>Scalars to UTF-16 units; a lone surrogate is one scalar.</summary>
    public static OffsetMap ToUtf16(string text) => Create(text, rune => rune.Utf16SequenceLength);

    /// <summary>Scalars to UTF-8 bytes; a lone surrogate counts as U+FFFD, three bytes.</summary>
    public static OffsetMap ToUtf8(string text) => Create(text, rune => rune.Utf8SequenceLength);

    /// <summary>The position of a scalar.</summary>
    public int this[int scalar] => _positions is null ? scalar : _positions[Math.Min(scalar, _positions.Length - 1)];

    private static OffsetMap Create(string text, Func<Rune, int> size)
    {
        if (Ascii.IsValid(text))
        {
            return new OffsetMap(null);
        }

        var positions = new List<int>(text.Length + 1);
        var position = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            positions.Add(position);
            position += size(rune);
        }

        positions.Add(position);
        return new OffsetMap([.. positions]);
    }
}
