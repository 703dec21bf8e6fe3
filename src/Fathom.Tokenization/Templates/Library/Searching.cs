using System.Numerics;
using Fathom.Tokenization.Templates.Execution;
using Fathom.Tokenization.Templates.Values;

namespace Fathom.Tokenization.Templates.Library;

/// <summary>The methods that look for one text in another.</summary>
internal static class Searching
{
    /// <summary><c>find(sub, start, end)</c>.</summary>
    public static object Find(Rendering run, string text, Arguments arguments, string method)
    {
        var bound = arguments.Bind(run, method, 1, "sub", "start", "end");
        var (window, first) = Window(run, text, bound);
        return Place(run, window, first, first < 0 ? -1 : Needle.IndexOf(run, window, bound.Text(0)));
    }

    /// <summary><c>rfind(sub, start, end)</c>.</summary>
    public static object FindLast(Rendering run, string text, Arguments arguments, string method)
    {
        var bound = arguments.Bind(run, method, 1, "sub", "start", "end");
        var (window, first) = Window(run, text, bound);
        return Place(run, window, first, first < 0 ? -1 : Last(run, window, bound.Text(0)));
    }

    /// <summary>Turns "not found" into the error of <c>index</c>.</summary>
    public static object OrFail(Rendering run, object place) => place is BigInteger { Sign: >= 0 } ? place : throw run.ValueError("substring not found");

    /// <summary><c>count(sub, start, end)</c>.</summary>
    public static object Count(Rendering run, string text, Arguments arguments)
    {
        var bound = arguments.Bind(run, "count", 1, "sub", "start", "end");
        var (window, first) = Window(run, text, bound);
        var needle = bound.Text(0);
        return (BigInteger)(first < 0 ? 0 : needle.Length == 0 ? CodePoints.Count(run, window) + 1 : new Needle(run, needle).AllIn(window).Count());
    }

    /// <summary>The last occurrence, in UTF-16 units, or -1.</summary>
    public static int Last(Rendering run, string text, string needle)
    {
        if (needle.Length == 0)
        {
            return text.Length;
        }
        var fromEnd = new Needle(run, Splitting.Reverse(run, needle)).In(Splitting.Reverse(run, text));
        return fromEnd < 0 ? -1 : text.Length - fromEnd - needle.Length;
    }

    /// <summary>The part of the text between the parameters 1 and 2, and where it starts in code points (-1: past the end).</summary>
    public static (string Text, int First) Window(Rendering run, string text, Arguments.Bound bound)
    {
        if (bound[1] is null && bound[2] is null)
        {
            return (text, 0);
        }
        var length = CodePoints.Count(run, text);
        var start = bound[1] is null ? 0 : FromEnd(bound.Integer(1, 0), length);
        var end = bound[2] is null ? length : Math.Min(FromEnd(bound.Integer(2, 0), length), length);
        if (start > end)
        {
            return ("", -1);
        }
        run.Charge(end - start);
        return (text[CodePoints.OffsetOf(run, text, start)..CodePoints.OffsetOf(run, text, end)], start);
    }

    private static int FromEnd(int index, int length) => index < 0 ? Math.Max(0, index + length) : index;

    private static object Place(Rendering run, string window, int first, int offset) =>
        (BigInteger)(offset < 0 ? -1 : first + CodePoints.Count(run, window[..offset]));
}
