namespace Fathom.Tokenization.Patterns;

/// <summary>A compiled pattern over Unicode scalars; immutable, safe to use from several threads.</summary>
/// <remarks>
/// The syntax and classes are Oniguruma's, Unicode 16, as far as tokenizers use them. .NET's own engine sees UTF-16 units and would
/// take every astral letter for punctuation.
/// </remarks>
internal sealed class Pattern
{
    private readonly Instruction[] _code;
    private readonly bool _emptyLoops;

    /// <exception cref="PatternSyntaxException">Something in the pattern is not supported.</exception>
    public Pattern(string text)
    {
        Text = text;
        (_code, _emptyLoops) = PatternCompiler.Compile(text, PatternParser.Parse(text));
    }

    private Pattern(string text, Node node)
    {
        (Text, IsLiteral) = (text, true);
        (_code, _emptyLoops) = PatternCompiler.Compile(text, node);
    }

    /// <summary>The pattern as written.</summary>
    public string Text { get; }

    /// <summary>Whether it matches its text as it stands.</summary>
    public bool IsLiteral { get; }

    /// <summary>A pattern that matches a text as it stands.</summary>
    public static Pattern Literal(string text)
    {
        var items = new List<Node>();
        foreach (var rune in text.EnumerateRunes())
        {
            items.Add(new Node.Set(Unicode.ScalarSet.Of(rune.Value)));
        }

        return new Pattern(text, new Node.Sequence(items));
    }

    /// <summary>Cuts a text into matches and what lies between; together they cover it.</summary>
    /// <exception cref="TokenizationException">The pattern needs too many steps on this text.</exception>
    public List<Match> Cut(ReadOnlySpan<int> text)
    {
        List<Match> parts = [];
        if (text.Length == 0)
        {
            parts.Add(new Match(0, 0, false));
            return parts;
        }

        var matcher = new Matcher(_code, _emptyLoops, Text, text);
        var done = 0;
        var (from, lastEnd) = (0, -1);
        while (from <= text.Length && matcher.TryFind(from, out var start, out var end))
        {
            // An empty match right behind the last one is passed over, or the search would stand still.
            if (start == end && end == lastEnd)
            {
                from++;
                continue;
            }

            from = lastEnd = end;
            if (done != start)
            {
                parts.Add(new Match(done, start, false));
            }

            parts.Add(new Match(start, end, true));
            done = end;
        }

        if (done != text.Length)
        {
            parts.Add(new Match(done, text.Length, false));
        }

        return parts;
    }

    /// <summary>A part of a text.</summary>
    /// <param name="Start">First scalar.</param>
    /// <param name="End">First scalar after.</param>
    /// <param name="IsMatch">Whether the pattern matched it.</param>
    internal readonly record struct Match(int Start, int End, bool IsMatch);
}
