using Fathom.Tokenization.Templates.Execution;
using Fathom.Tokenization.Templates.Values;

namespace Fathom.Tokenization.Templates.Library;

/// <summary>Text brought to a width, counted in code points.</summary>
internal static class Padding
{
    /// <summary>A method with a width and a fill character.</summary>
    public static object Method(Rendering run, string text, Arguments arguments, string name, Func<Rendering, string, int, string, string> pad)
    {
        var bound = arguments.Bind(run, name, 1, "width", "fillchar");
        var fill = bound.Text(1, " ");
        return CodePoints.Count(run, fill) == 1
            ? pad(run, text, bound.Integer(0, 0), fill)
            : throw run.TypeError("The fill character must be exactly one character long");
    }

    /// <summary><c>center(width, fill)</c>.</summary>
    public static string Center(Rendering run, string text, int width, string fill)
    {
        var missing = Math.Max(0, width - CodePoints.Count(run, text));
        var left = (missing / 2) + (missing & width & 1);
        return Fill(run, left, fill) + text + Fill(run, missing - left, fill);
    }

    /// <summary>Fills up to a width on the left, on the right.</summary>
    public static string Around(Rendering run, string text, int leftWidth, int rightWidth, string fill)
    {
        var length = CodePoints.Count(run, text);
        return Fill(run, leftWidth - length, fill) + text + Fill(run, rightWidth - length, fill);
    }

    /// <summary><c>zfill(width)</c>: zeros after a sign.</summary>
    public static object ZeroFill(Rendering run, string text, Arguments arguments)
    {
        var missing = arguments.Bind(run, "zfill", 1, "width").Integer(0, 0) - CodePoints.Count(run, text);
        var sign = text.StartsWith('+') || text.StartsWith('-') ? 1 : 0;
        return text[..sign] + Fill(run, missing, "0") + text[sign..];
    }

    /// <summary>Several fill characters.</summary>
    public static string Fill(Rendering run, int count, string fill)
    {
        if (count <= 0)
        {
            return "";
        }
        run.Charge((long)count * fill.Length);
        return fill.Length == 1 ? new string(fill[0], count) : string.Concat(Enumerable.Repeat(fill, count));
    }
}
