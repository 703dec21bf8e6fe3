using System.Text;
using Fathom.Tokenization.Templates.Execution;
using Fathom.Tokenization.Templates.Values;

namespace Fathom.Tokenization.Templates.Library;

/// <summary>The method and the filter <c>replace</c>.</summary>
internal static class Replacing
{
    /// <summary>Replaces the first <paramref name="count"/> occurrences, all if it is negative.</summary>
    public static string Apply(Rendering run, string text, string old, string by, int count)
    {
        var most = count < 0 ? int.MaxValue : count;
        run.Charge(text.Length);
        return old.Length == 0 ? Between(run, text, by, most) : Inside(run, text, old, by, most);
    }

    private static string Inside(Rendering run, string text, string old, string by, int most)
    {
        StringBuilder builder = new(text.Length);
        var start = 0;
        foreach (var at in new Needle(run, old).AllIn(text, most))
        {
            run.Charge(by.Length);
            builder.Append(text, start, at - start).Append(by);
            start = at + old.Length;
        }
        return builder.Append(text, start, text.Length - start).ToString();
    }

    /// <summary>An empty text occurs before every character and at the end.</summary>
    private static string Between(Rendering run, string text, string by, int most)
    {
        StringBuilder builder = new(text.Length);
        foreach (var c in CodePoints.Enumerate(text))
        {
            if (most-- > 0)
            {
                run.Charge(by.Length);
                builder.Append(by);
            }
            CodePoints.Append(builder, c);
        }
        return (most > 0 ? builder.Append(by) : builder).ToString();
    }
}
