namespace Fathom.Plots.Svg;

/// <summary>Widths of text without a font at hand: on the wide side of the common sans-serif faces, so that nothing overlaps whichever is used.</summary>
internal static class TextMetrics
{
    public static double Width(string text, double size)
    {
        var width = 0.0;
        foreach (var rune in text.EnumerateRunes())
        {
            width += rune.Value < 128 ? Ascii((char)rune.Value) : CharWidth.IsZero(rune) ? 0 : CharWidth.IsWide(rune) ? 1.05 : 0.66;
        }

        return width * size;
    }

    public static double Widest(IEnumerable<string> texts, double size) => texts.Select(t => Width(t, size)).DefaultIfEmpty().Max();

    /// <summary>The text, cut with an ellipsis where it is wider than the room.</summary>
    public static string Fit(string text, double size, double room)
    {
        text = VisibleText.Of(text);
        if (Width(text, size) <= room)
        {
            return text;
        }

        var runes = text.EnumerateRunes().ToList();
        while (runes.Count > 1 && Width(string.Concat(runes), size) + (0.9 * size) > room)
        {
            runes.RemoveAt(runes.Count - 1);
        }

        return string.Concat(runes) + "…";
    }

    /// <summary>The text in lines no wider than the room, broken at spaces, and inside a word that is wider than a line.</summary>
    public static IReadOnlyList<string> Wrap(string text, double size, double room)
    {
        List<string> lines = [];
        foreach (var paragraph in text.Split('\n').Select(VisibleText.Of))
        {
            var line = "";
            foreach (var word in paragraph.Split(' ').SelectMany(word => Pieces(word, size, Math.Max(room, 3 * size))))
            {
                var longer = line.Length == 0 ? word : $"{line} {word}";
                if (line.Length > 0 && Width(longer, size) > room)
                {
                    lines.Add(line);
                    longer = word;
                }

                line = longer;
            }

            lines.Add(line);
        }

        return lines;
    }

    private static IEnumerable<string> Pieces(string word, double size, double room)
    {
        if (Width(word, size) <= room)
        {
            yield return word;
            yield break;
        }

        var piece = "";
        foreach (var rune in word.EnumerateRunes())
        {
            if (piece.Length > 0 && Width(piece + rune, size) > room)
            {
                yield return piece;
                piece = "";
            }

            piece += rune;
        }

        yield return piece;
    }

    private static double Ascii(char c) => c switch
    {
        'i' or 'l' or 'j' or 'I' or '|' or '\'' or '.' or ',' or ':' or ';' or '!' => 0.32,
        'f' or 'r' or 't' or '(' or ')' or '[' or ']' or '-' or '/' or '\\' or '"' or '*' or ' ' or '`' => 0.40,
        'm' or 'w' or 'M' or 'W' or '@' or '%' => 0.96,
        >= 'A' and <= 'Z' or '<' or '>' or '=' or '+' or '~' or '&' or '#' => 0.76,
        _ => 0.62,
    };
}
