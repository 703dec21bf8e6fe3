using Fathom.Tokenization.Templates.Execution;
using Fathom.Tokenization.Templates.Values;

namespace Fathom.Tokenization.Templates.Library;

/// <summary>The methods that take text apart.</summary>
internal static class Splitting
{
    /// <summary><c>split(sep, maxsplit)</c>.</summary>
    public static object Split(Rendering run, string text, Arguments arguments)
    {
        var bound = arguments.Bind(run, "split", 0, "sep", "maxsplit");
        var most = Most(bound);
        return bound[0] is null ? Make(run, text, Words(text, most)) : Make(run, text, By(run, text, Separator(run, bound), most));
    }

    /// <summary><c>rsplit(sep, maxsplit)</c>.</summary>
    public static object SplitFromEnd(Rendering run, string text, Arguments arguments)
    {
        var bound = arguments.Bind(run, "rsplit", 0, "sep", "maxsplit");
        var most = Most(bound);
        if (bound[0] is null)
        {
            return Make(run, text, WordsFromEnd(text, most));
        }
        var separator = Separator(run, bound);
        var parts = By(run, Reverse(run, text), Reverse(run, separator), most).Select(p => Reverse(run, p)).Reverse();
        return Make(run, text, parts);
    }

    /// <summary><c>splitlines(keepends)</c>.</summary>
    public static object Lines(Rendering run, string text, Arguments arguments) =>
        Make(run, text, LinesOf(text, arguments.Bind(run, "splitlines", 0, "keepends").Flag(0, false)));

    /// <summary>The lines of a text.</summary>
    public static IEnumerable<string> LinesOf(string text, bool keepEnds = false)
    {
        for (var start = 0; start < text.Length;)
        {
            var end = start;
            while (end < text.Length && !Whitespace.EndsLine(text[end]))
            {
                end++;
            }
            var next = end + (end + 1 < text.Length && text[end] == '\r' && text[end + 1] == '\n' ? 2 : 1);
            yield return text[start..(keepEnds ? Math.Min(next, text.Length) : end)];
            start = next;
        }
    }

    /// <summary><c>partition(sep)</c>.</summary>
    public static object Partition(Rendering run, string text, Arguments arguments)
    {
        var separator = Separator(run, arguments.Bind(run, "partition", 1, "sep"));
        var at = new Needle(run, separator).In(text);
        return Three(run, text, separator, at, at < 0 ? [text, "", ""] : []);
    }

    /// <summary><c>rpartition(sep)</c>.</summary>
    public static object PartitionFromEnd(Rendering run, string text, Arguments arguments)
    {
        var separator = Separator(run, arguments.Bind(run, "rpartition", 1, "sep"));
        return Three(run, text, separator, Searching.Last(run, text, separator), ["", "", text]);
    }

    private static SequenceValue Three(Rendering run, string text, string separator, int at, object?[] ifAbsent)
    {
        run.Charge(text.Length + 24);
        return new SequenceValue(at < 0 ? ifAbsent : [text[..at], separator, text[(at + separator.Length)..]], isTuple: true);
    }

    private static int Most(Arguments.Bound bound) => bound.Integer(1, -1) is var most && most < 0 ? int.MaxValue : most;

    private static string Separator(Rendering run, Arguments.Bound bound) => bound.Text(0) is { Length: > 0 } text ? text : throw run.ValueError("empty separator");

    private static SequenceValue Make(Rendering run, string text, IEnumerable<string> parts)
    {
        run.Charge(text.Length);
        List<object?> items = [];
        foreach (var part in parts)
        {
            run.ChargeItems(2);
            items.Add(part);
        }
        return new SequenceValue([.. items]);
    }

    private static IEnumerable<string> By(Rendering run, string text, string separator, int most)
    {
        var start = 0;
        foreach (var at in new Needle(run, separator).AllIn(text, most))
        {
            yield return text[start..at];
            start = at + separator.Length;
        }
        yield return text[start..];
    }

    private static IEnumerable<string> Words(string text, int most)
    {
        for (var at = 0; ;)
        {
            while (at < text.Length && Whitespace.Is(text[at]))
            {
                at++;
            }
            if (at == text.Length)
            {
                yield break;
            }
            if (most-- == 0)
            {
                yield return text[at..];
                yield break;
            }
            var start = at;
            while (at < text.Length && !Whitespace.Is(text[at]))
            {
                at++;
            }
            yield return text[start..at];
        }
    }

    private static IEnumerable<string> WordsFromEnd(string text, int most)
    {
        var end = text.Length;
        List<string> words = [];
        while ((end = Whitespace.StripEnd(text[..end]).Length) > 0 && most-- > 0)
        {
            var start = end;
            while (start > 0 && !Whitespace.Is(text[start - 1]))
            {
                start--;
            }
            words.Add(text[start..end]);
            end = start;
        }
        if (end > 0)
        {
            words.Add(text[..end]);
        }
        return Enumerable.Reverse(words);
    }

    /// <summary>The UTF-16 units in reverse order; what is found in it is turned around again.</summary>
    public static string Reverse(Rendering run, string text)
    {
        run.Charge(text.Length);
        var units = text.ToCharArray();
        Array.Reverse(units);
        return new string(units);
    }
}
