using Fathom.Tokenization.Templates.Execution;
using Fathom.Tokenization.Templates.Values;

namespace Fathom.Tokenization.Templates.Library;

/// <summary><c>strip</c>, <c>lstrip</c>, <c>rstrip</c> and the filter <c>trim</c>.</summary>
internal static class Stripping
{
    /// <summary>Strips both ends.</summary>
    public static string Both(Rendering run, string text, Arguments arguments) => Apply(run, text, arguments.Bind(run, "strip", 0, "chars"), start: true, end: true);

    /// <summary>Strips the start.</summary>
    public static string Start(Rendering run, string text, Arguments arguments) => Apply(run, text, arguments.Bind(run, "lstrip", 0, "chars"), start: true, end: false);

    /// <summary>Strips the end.</summary>
    public static string End(Rendering run, string text, Arguments arguments) => Apply(run, text, arguments.Bind(run, "rstrip", 0, "chars"), start: false, end: true);

    private static string Apply(Rendering run, string text, Arguments.Bound bound, bool start, bool end)
    {
        run.Charge(text.Length);
        if (bound[0] is null)
        {
            text = start ? Whitespace.StripStart(text) : text;
            return end ? Whitespace.StripEnd(text) : text;
        }
        var chars = bound.Text(0);
        run.Charge(4L * chars.Length);
        HashSet<int> set = [.. CodePoints.Enumerate(chars)];
        var first = 0;
        while (start && first < text.Length && set.Contains(At(text, first)))
        {
            first += Width(text, first);
        }
        var last = text.Length;
        while (end && last > first)
        {
            var at = last - 1;
            at -= at > first && char.IsSurrogatePair(text[at - 1], text[at]) ? 1 : 0;
            if (!set.Contains(At(text, at)))
            {
                break;
            }
            last = at;
        }
        return text[first..last];
    }

    private static int Width(string text, int at) => at + 1 < text.Length && char.IsSurrogatePair(text[at], text[at + 1]) ? 2 : 1;

    private static int At(string text, int at) => Width(text, at) == 2 ? char.ConvertToUtf32(text[at], text[at + 1]) : text[at];
}
