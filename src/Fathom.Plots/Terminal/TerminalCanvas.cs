using System.Globalization;
using System.Text;
using Fathom.Plots.Colors;

namespace Fathom.Plots.Terminal;

/// <summary>Lines of text with coloured cells, in what the terminal can show.</summary>
internal sealed class TerminalCanvas(TerminalOptions options)
{
    private static readonly int[] Levels = [0, 95, 135, 175, 215, 255];
    private readonly StringBuilder text = new();

    public TerminalOptions Options => options;

    public int Width => Math.Max(40, options.Width);

    public bool HasColor => options.Colors != TerminalColors.None;

    public static string Of(Figure figure, TerminalOptions options)
    {
        var canvas = new TerminalCanvas(options);
        canvas.Headings(figure);
        figure.Write(canvas);
        if (figure.Caption is { Length: > 0 } caption)
        {
            canvas.Paragraph(caption);
        }

        return canvas.ToString();
    }

    public void Headings(Figure figure)
    {
        foreach (var (heading, bold) in new[] { (figure.Title, true), (figure.Subtitle, false) })
        {
            if (heading is { Length: > 0 })
            {
                foreach (var line in Wrap(heading))
                {
                    (bold ? Bold(line) : Append(line)).End();
                }
            }
        }
    }

    public void Paragraph(string words)
    {
        foreach (var line in Wrap(words))
        {
            Append(line).End();
        }
    }

    public TerminalCanvas Append(string words)
    {
        text.Append(words);
        return this;
    }

    public TerminalCanvas Bold(string words) => Append(HasColor ? $"\u001b[1m{words}\u001b[0m" : words);

    public void DimParagraph(string words)
    {
        foreach (var line in Wrap(words))
        {
            Dim(line).End();
        }
    }

    /// <summary>What the axes are, where the figure says so: <c>Layer down, Logit difference across</c>.</summary>
    public void Axes(string? first, string way, string? second, string otherWay)
    {
        if (first is not null || second is not null)
        {
            DimParagraph(string.Join(", ", new[] { first is null ? null : $"{first} {way}", second is null ? null : $"{second} {otherWay}" }.Where(part => part is not null)));
        }
    }

    public TerminalCanvas Dim(string words) => Append(HasColor ? $"\u001b[2m{words}\u001b[0m" : words);

    /// <summary>Ends the line, without spaces at its end.</summary>
    public TerminalCanvas End()
    {
        while (text.Length > 0 && text[^1] == ' ')
        {
            text.Length--;
        }

        text.Append('\n');
        return this;
    }

    /// <summary>Text on a coloured ground; without colour, the text alone.</summary>
    public TerminalCanvas Cell(string words, Rgb ground)
    {
        if (!HasColor)
        {
            return Append(words);
        }

        text.Append(CultureInfo.InvariantCulture, $"\u001b[{Ground(ground)};{(ground.IsDark ? Ink(new(255, 255, 255)) : Ink(new(20, 20, 20)))}m{words}\u001b[0m");
        return this;
    }

    /// <summary>Coloured text on the terminal's own ground.</summary>
    public TerminalCanvas Colored(string words, Rgb ink) => Append(HasColor ? $"\u001b[{Ink(ink)}m{words}\u001b[0m" : words);

    public override string ToString() => options.Ascii ? string.Concat(text.ToString().EnumerateRunes().Select(ToAscii)) : text.ToString();

    // As many characters as columns, so that what stands below stays below.
    private static string ToAscii(Rune rune) => rune.Value switch
    {
        < 0x80 => rune.ToString(),
        '·' => ".",
        '…' => "~",
        '↵' => "/",
        '⇥' => ">",
        _ => new string('?', CharWidth.Of(rune.ToString())),
    };

    private string Ground(Rgb c) => options.Colors == TerminalColors.TrueColor ? $"48;2;{c.R};{c.G};{c.B}" : $"48;5;{Nearest(c)}";

    private string Ink(Rgb c) => options.Colors == TerminalColors.TrueColor ? $"38;2;{c.R};{c.G};{c.B}" : $"38;5;{Nearest(c)}";

    /// <summary>The nearest of xterm's colour cube and grey ramp.</summary>
    private static int Nearest(Rgb c)
    {
        var (r, g, b) = (Step(c.R), Step(c.G), Step(c.B));
        var grey = Math.Clamp((((c.R + c.G + c.B) / 3) - 3) / 10, 0, 23);
        var cube = Distance(c, Levels[r], Levels[g], Levels[b]);
        return Distance(c, 8 + (10 * grey), 8 + (10 * grey), 8 + (10 * grey)) < cube ? 232 + grey : 16 + (36 * r) + (6 * g) + b;
    }

    private static int Step(byte channel) => Enumerable.Range(0, 6).MinBy(i => Math.Abs(Levels[i] - channel));

    private static int Distance(Rgb c, int r, int g, int b) => ((c.R - r) * (c.R - r)) + ((c.G - g) * (c.G - g)) + ((c.B - b) * (c.B - b));

    private IEnumerable<string> Wrap(string words)
    {
        var line = "";
        foreach (var word in VisibleText.Of(words.Replace('\n', ' ')).Split(' ').SelectMany(Pieces))
        {
            var longer = line.Length == 0 ? word : $"{line} {word}";
            if (line.Length > 0 && CharWidth.Of(longer) > Width)
            {
                yield return line;
                longer = word;
            }

            line = longer;
        }

        yield return line;
    }

    /// <summary>A word, in parts where it is wider than a line.</summary>
    private IEnumerable<string> Pieces(string word)
    {
        var piece = "";
        foreach (var rune in word.EnumerateRunes())
        {
            if (piece.Length > 0 && CharWidth.Of(piece + rune) > Width)
            {
                yield return piece;
                piece = "";
            }

            piece += rune;
        }

        yield return piece;
    }
}
