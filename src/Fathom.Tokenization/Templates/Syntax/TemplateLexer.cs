using Fathom.Tokenization.Templates.Values;

namespace Fathom.Tokenization.Templates.Syntax;

/// <summary>
/// Cuts a template into text, tags and what is inside the tags, with the reference's settings for chat templates:
/// a line break after a block tag goes (<c>trim_blocks</c>) and so does space before a block tag at the start of a line
/// (<c>lstrip_blocks</c>), and <c>-</c> and <c>+</c> inside a tag strip more or less.
/// </summary>
internal sealed class TemplateLexer(string source, SyntaxErrors errors)
{
    private readonly List<Token> _tokens = [];
    private int _at;
    private bool _lineStarts = true;

    /// <summary>Normalises line ends and drops one at the end, as the reference does before anything else.</summary>
    public static string Normalize(string text)
    {
        var lines = text.Replace("\r\n", "\n", StringComparison.Ordinal).Replace('\r', '\n');
        return lines.EndsWith('\n') ? lines[..^1] : lines;
    }

    /// <summary>All tokens, with an end token.</summary>
    public IReadOnlyList<Token> Read()
    {
        while (_at < source.Length)
        {
            var open = NextTag();
            if (open < 0)
            {
                AddData(_at, source.Length);
                break;
            }
            Tag(open);
        }
        _tokens.Add(new Token(TokenKind.End, "", source.Length));
        return _tokens;
    }

    private int NextTag()
    {
        for (var at = _at; (at = source.IndexOf('{', at)) >= 0 && at + 1 < source.Length; at++)
        {
            if (source[at + 1] is '{' or '%' or '#')
            {
                return at;
            }
        }
        return -1;
    }

    private void Tag(int open)
    {
        var kind = source[open + 1];
        var sign = open + 2 < source.Length && source[open + 2] is '-' or '+' ? source[open + 2] : '\0';
        AddData(_at, DataEnd(open, sign, stripsLine: kind != '{'));
        _at = open + (sign == '\0' ? 2 : 3);
        switch (kind)
        {
            case '#':
                Comment(open);
                break;
            case '%' when RawBegin() is var end && end > 0:
                Raw(open, end);
                break;
            default:
                _tokens.Add(new Token(kind == '%' ? TokenKind.BlockBegin : TokenKind.PrintBegin, "", open));
                _at = new ExpressionLexer(source, errors, _tokens).Read(_at, isBlock: kind == '%', open);
                _lineStarts = source[_at - 1] == '\n';
                break;
        }
    }

    /// <summary>Where the text before a tag ends once space is stripped.</summary>
    private int DataEnd(int open, char sign, bool stripsLine)
    {
        var end = open;
        if (sign == '-')
        {
            while (end > _at && Whitespace.Is(source[end - 1]))
            {
                end--;
            }
            return end;
        }
        if (sign == '+' || !stripsLine)
        {
            return end;
        }
        var lineStart = source.AsSpan(_at, open - _at).LastIndexOf('\n') + 1;
        if (lineStart == 0 && !_lineStarts)
        {
            return end;
        }
        for (var i = _at + lineStart; i < open; i++)
        {
            if (!Whitespace.Is(source[i]))
            {
                return end;
            }
        }
        return _at + lineStart;
    }

    private void AddData(int start, int end)
    {
        if (end > start)
        {
            _tokens.Add(new Token(TokenKind.Data, source[start..end], start));
        }
    }

    private void Comment(int open)
    {
        var close = source.IndexOf("#}", _at, StringComparison.Ordinal);
        if (close < 0)
        {
            throw errors.At(open, "Missing end of comment tag", "Close the comment with '#}'.");
        }
        // In "{#-#}" the sign belongs to the opening.
        var sign = close > _at ? source[close - 1] : '\0';
        _at = AfterBlock(close + 2, sign);
    }

    /// <summary>The end of a tag that closes a block: what it swallows depends on its sign.</summary>
    private int AfterBlock(int at, char sign)
    {
        if (sign == '-')
        {
            while (at < source.Length && Whitespace.Is(source[at]))
            {
                at++;
            }
        }
        else if (sign != '+' && at < source.Length && source[at] == '\n')
        {
            at++;
        }
        _lineStarts = source[at - 1] == '\n';
        return at;
    }

    /// <summary>The end of <c>{% raw %}</c> if that is what starts here, or -1.</summary>
    private int RawBegin()
    {
        var at = Word(_at, "raw");
        return at < 0 ? -1 : CloseOfRaw(at);
    }

    private int CloseOfRaw(int at)
    {
        at = SkipSpace(at);
        if (string.CompareOrdinal(source, at, "-%}", 0, 3) == 0)
        {
            return SkipSpace(at + 3);
        }
        return string.CompareOrdinal(source, at, "%}", 0, 2) == 0 ? at + 2 : -1;
    }

    private void Raw(int open, int start)
    {
        _at = start;
        _lineStarts = source[start - 1] == '\n';
        for (var at = start; (at = source.IndexOf("{%", at, StringComparison.Ordinal)) >= 0; at += 2)
        {
            var sign = at + 2 < source.Length && source[at + 2] is '-' or '+' ? source[at + 2] : '\0';
            var word = Word(at + (sign == '\0' ? 2 : 3), "endraw");
            if (word < 0)
            {
                continue;
            }
            word = SkipSpace(word);
            var closing = word < source.Length && source[word] is '-' or '+' ? source[word++] : '\0';
            if (string.CompareOrdinal(source, word, "%}", 0, 2) != 0)
            {
                continue;
            }
            AddData(start, DataEnd(at, sign, stripsLine: true));
            _at = AfterBlock(word + 2, closing);
            return;
        }
        throw errors.At(open, "Missing end of raw directive", "Close it with '{% endraw %}'.");
    }

    private int Word(int at, string word)
    {
        at = SkipSpace(at);
        return string.CompareOrdinal(source, at, word, 0, word.Length) == 0 ? at + word.Length : -1;
    }

    private int SkipSpace(int at)
    {
        while (at < source.Length && Whitespace.Is(source[at]))
        {
            at++;
        }
        return at;
    }
}
