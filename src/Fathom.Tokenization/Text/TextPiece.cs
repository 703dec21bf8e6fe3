using System.Text;

namespace Fathom.Tokenization.Text;

/// <summary>A piece of text as the pipeline has changed it so far; every scalar knows which scalars of the original it came from.</summary>
/// <remarks>Changes follow the reference's rule for origins to the letter, including where that rule is surprising; offsets depend on it.</remarks>
internal sealed class TextPiece
{
    private int[] _scalars;
    private int[] _starts;
    private int[] _ends;
    private int _from;

    private TextPiece(int[] scalars, int[] starts, int[] ends, int from, int length, int originalStart)
    {
        (_scalars, _starts, _ends, _from, Length, OriginalStart) = (scalars, starts, ends, from, length, originalStart);
    }

    /// <summary>How many scalars.</summary>
    public int Length { get; private set; }

    /// <summary>Where the original text of this piece begins.</summary>
    public int OriginalStart { get; }

    /// <summary>The added token that this piece is, or -1.</summary>
    public int AddedId { get; init; } = -1;

    /// <summary>The scalars.</summary>
    public ReadOnlySpan<int> Scalars => _scalars.AsSpan(_from, Length);

    /// <summary>First original scalar of the scalar at <paramref name="index"/>.</summary>
    public int Start(int index) => _starts[_from + index];

    /// <summary>First original scalar after those of the scalar at <paramref name="index"/>.</summary>
    public int End(int index) => _ends[_from + index];

    /// <summary>A whole text; a lone surrogate is read as U+FFFD.</summary>
    public static TextPiece Of(ReadOnlySpan<char> text, int originalStart = 0)
    {
        var scalars = new int[text.Length];
        var count = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            scalars[count++] = rune.Value;
        }

        var starts = new int[count];
        var ends = new int[count];
        for (var i = 0; i < count; i++)
        {
            starts[i] = originalStart + i;
            ends[i] = originalStart + i + 1;
        }

        return new TextPiece(scalars, starts, ends, 0, count, originalStart);
    }

    /// <summary>The part <c>[start, end)</c>, sharing memory until either is changed.</summary>
    public TextPiece Slice(int start, int end, int addedId = -1) =>
        new(_scalars, _starts, _ends, _from + start, end - start, end > start ? Start(start) : OriginalStart) { AddedId = addedId };

    /// <summary>Keeps the scalars that <paramref name="keep"/> accepts.</summary>
    public void Filter(Func<int, bool> keep)
    {
        var builder = new TextPieceBuilder(Length);
        for (var i = 0; i < Length; i++)
        {
            if (keep(Scalars[i]))
            {
                builder.Add(Scalars[i], Start(i), End(i));
            }
        }

        Take(builder);
    }

    /// <summary>Turns every scalar into another one.</summary>
    public void Replace(Func<int, int> change)
    {
        var builder = new TextPieceBuilder(Length);
        for (var i = 0; i < Length; i++)
        {
            builder.Add(change(Scalars[i]), Start(i), End(i));
        }

        Take(builder);
    }

    /// <summary>Appends the part <c>[start, end)</c> to a builder as it is.</summary>
    public void Append(TextPieceBuilder builder, int start, int end)
    {
        for (var i = start; i < end; i++)
        {
            builder.Add(Scalars[i], Start(i), End(i));
        }
    }

    /// <summary>Keeps the part <c>[start, end)</c>.</summary>
    public void Keep(int start, int end)
    {
        _from += start;
        Length = end - start;
    }

    /// <summary>Replaces everything by scalars that each say how they relate to the old ones.</summary>
    /// <param name="changes">A scalar, and 0: it replaces the next old one; 1: it is new; -n: it replaces one and n more are gone.</param>
    /// <param name="removedFirst">How many old scalars are gone before the first.</param>
    public void Transform(ReadOnlySpan<(int Scalar, int Change)> changes, int removedFirst)
    {
        var builder = new TextPieceBuilder(changes.Length);
        Transform(builder, changes, 0, removedFirst);
        Take(builder);
    }

    /// <summary>Appends scalars that replace old ones from <paramref name="at"/> on.</summary>
    public void Transform(TextPieceBuilder builder, ReadOnlySpan<(int Scalar, int Change)> changes, int at, int removedFirst)
    {
        at += removedFirst;
        foreach (var (scalar, change) in changes)
        {
            if (change > 0)
            {
                var (start, end) = at < 1 ? (OriginalStart, OriginalStart) : (Start(at - 1), End(at - 1));
                builder.Add(scalar, start, end);
                continue;
            }

            // A change that says it takes more than there is counts as far as the text goes.
            var origin = Math.Min(at, Length - 1);
            builder.Add(scalar, Start(origin), End(origin));
            at += 1 - change;
        }
    }

    /// <summary>Takes over what a builder holds.</summary>
    public void Take(TextPieceBuilder builder)
    {
        (_scalars, _starts, _ends) = builder.Arrays;
        (_from, Length) = (0, builder.Count);
    }

    /// <summary>The text.</summary>
    public override string ToString()
    {
        var text = new StringBuilder(Length);
        foreach (var scalar in Scalars)
        {
            text.Append(new Rune(scalar).ToString());
        }

        return text.ToString();
    }
}
