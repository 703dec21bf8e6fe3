using Fathom.Tokenization.Templates.Execution;

namespace Fathom.Tokenization.Templates.Values;

/// <summary>Finds one text in another in time linear in both, whatever they are.</summary>
internal sealed class Needle
{
    private const int Short = 16;

    private readonly Rendering _run;
    private readonly string _text;
    private readonly int[]? _borders;

    /// <summary>Prepares the search for a text that is not empty.</summary>
    public Needle(Rendering run, string text)
    {
        _run = run;
        _text = text;
        if (text.Length > Short)
        {
            run.Charge(2L * text.Length);
            _borders = Borders(text);
        }
    }

    /// <summary>The first occurrence at or after <paramref name="start"/>, or -1.</summary>
    public int In(string haystack, int start = 0)
    {
        if (_borders is null)
        {
            var found = haystack.IndexOf(_text, start, StringComparison.Ordinal);
            _run.Scan((found < 0 ? haystack.Length : found) - start);
            return found;
        }
        var matched = 0;
        for (var i = start; i < haystack.Length; i++)
        {
            while (matched > 0 && haystack[i] != _text[matched])
            {
                matched = _borders[matched - 1];
            }
            if (haystack[i] == _text[matched] && ++matched == _text.Length)
            {
                _run.Scan(i - start);
                return i - _text.Length + 1;
            }
        }
        _run.Scan(haystack.Length - start);
        return -1;
    }

    /// <summary>Every occurrence that does not overlap the one before, at most <paramref name="most"/>.</summary>
    public IEnumerable<int> AllIn(string haystack, int most = int.MaxValue)
    {
        for (var at = most > 0 ? In(haystack) : -1; at >= 0 && most-- > 0; at = In(haystack, at + _text.Length))
        {
            yield return at;
        }
    }

    /// <summary>The first occurrence of a text, which may be empty.</summary>
    public static int IndexOf(Rendering run, string haystack, string needle, int start = 0) =>
        needle.Length == 0 ? start : new Needle(run, needle).In(haystack, start);

    private static int[] Borders(string text)
    {
        var borders = new int[text.Length];
        for (int i = 1, border = 0; i < text.Length; i++)
        {
            while (border > 0 && text[i] != text[border])
            {
                border = borders[border - 1];
            }
            borders[i] = text[i] == text[border] ? ++border : border;
        }
        return borders;
    }
}
