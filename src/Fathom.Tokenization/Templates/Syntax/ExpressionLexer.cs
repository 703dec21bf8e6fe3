using System.Globalization;
using Fathom.Tokenization.Templates.Values;

namespace Fathom.Tokenization.Templates.Syntax;

/// <summary>Cuts the inside of one tag into tokens, its end included.</summary>
internal sealed class ExpressionLexer(string source, SyntaxErrors errors, List<Token> tokens)
{
    private static readonly string[] Operators = ["//", "**", "==", "!=", ">=", "<=", "+", "-", "/", "*", "%", "~", "[", "]", "(", ")", "{", "}", ">", "<", "=", ".", ":", "|", ",", ";"];

    private readonly Stack<char> _open = [];

    /// <summary>Reads up to and over the end of the tag that began at <paramref name="tag"/>; returns where the text goes on.</summary>
    public int Read(int at, bool isBlock, int tag)
    {
        while (true)
        {
            while (at < source.Length && Whitespace.Is(source[at]))
            {
                at++;
            }
            if (at >= source.Length)
            {
                tokens.Add(new Token(TokenKind.End, "", tag));
                return source.Length;
            }
            if (_open.Count == 0 && TryEnd(at, isBlock, out var after))
            {
                return after;
            }
            at = Next(at);
        }
    }

    private bool TryEnd(int at, bool isBlock, out int after)
    {
        after = at;
        var sign = source[at] is '-' or '+' && (isBlock || source[at] == '-') ? source[at] : '\0';
        var start = sign == '\0' ? at : at + 1;
        if (string.CompareOrdinal(source, start, isBlock ? "%}" : "}}", 0, 2) != 0)
        {
            return false;
        }
        tokens.Add(new Token(isBlock ? TokenKind.BlockEnd : TokenKind.PrintEnd, "", at));
        after = start + 2;
        while (sign == '-' && after < source.Length && Whitespace.Is(source[after]))
        {
            after++;
        }
        if (isBlock && sign == '\0' && after < source.Length && source[after] == '\n')
        {
            after++;
        }
        return true;
    }

    private int Next(int at)
    {
        var c = source[at];
        if (char.IsAsciiDigit(c))
        {
            return Number(at);
        }
        if (IsWord(c))
        {
            var end = at;
            while (end < source.Length && IsWord(source[end]))
            {
                end++;
            }
            tokens.Add(new Token(TokenKind.Name, source[at..end], at));
            return end;
        }
        if (c is '\'' or '"')
        {
            return Text(at, c);
        }
        foreach (var op in Operators)
        {
            if (string.CompareOrdinal(source, at, op, 0, op.Length) == 0)
            {
                Balance(at, op[0]);
                tokens.Add(new Token(TokenKind.Operator, op, at));
                return at + op.Length;
            }
        }
        throw errors.At(at, $"unexpected char {TextRepr.Quote(c.ToString())} at {at}");
    }

    private void Balance(int at, char op)
    {
        switch (op)
        {
            case '(' or '[' or '{':
                _open.Push(op == '(' ? ')' : op == '[' ? ']' : '}');
                break;
            case ')' or ']' or '}':
                if (!_open.TryPop(out var expected))
                {
                    throw errors.At(at, $"unexpected '{op}'");
                }
                if (expected != op)
                {
                    throw errors.At(at, $"unexpected '{op}', expected '{expected}'");
                }
                break;
        }
    }

    private int Text(int at, char quote)
    {
        var end = at + 1;
        while (end < source.Length && source[end] != quote)
        {
            end += source[end] == '\\' ? 2 : 1;
        }
        if (end >= source.Length)
        {
            throw errors.At(at, $"unexpected char {TextRepr.Quote(quote.ToString())} at {at}", $"The text that begins here has no closing {quote}.");
        }
        tokens.Add(new Token(TokenKind.String, StringEscapes.Decode(source[(at + 1)..end], at + 1, errors), at));
        return end + 1;
    }

    private int Number(int at)
    {
        var end = at;
        if (source[at] == '0' && at + 1 < source.Length && "bBoOxX".Contains(source[at + 1], StringComparison.Ordinal))
        {
            Func<char, bool> isDigit = char.ToLowerInvariant(source[at + 1]) switch { 'b' => c => c is '0' or '1', 'o' => c => c is >= '0' and <= '7', _ => char.IsAsciiHexDigit };
            end = Digits(at + 2, isDigit, leadingUnderscore: true);
            if (end > at + 2)
            {
                tokens.Add(new Token(TokenKind.Integer, source[at..end], at));
                return end;
            }
        }
        end = Digits(at, char.IsAsciiDigit);
        var afterPoint = end < source.Length && source[end] == '.' ? Digits(end + 1, char.IsAsciiDigit) : end;
        var isFloat = afterPoint > end + 1;
        var mantissa = isFloat ? afterPoint : end;
        var afterExponent = Exponent(mantissa);
        isFloat |= afterExponent > mantissa;
        // A number right after a point is an item's place ("a.0.5"), never a float.
        if (isFloat && !(at > 0 && source[at - 1] == '.'))
        {
            tokens.Add(new Token(TokenKind.Float, source[at..afterExponent], at));
            return afterExponent;
        }
        if (source[at] == '0')
        {
            // Only zeros may follow a leading zero; the rest is another token.
            end = Digits(at, c => c == '0');
        }
        tokens.Add(new Token(TokenKind.Integer, source[at..end], at));
        return end;
    }

    private int Exponent(int at)
    {
        if (at >= source.Length || source[at] is not ('e' or 'E'))
        {
            return at;
        }
        var digits = at + 1 < source.Length && source[at + 1] is '+' or '-' ? at + 2 : at + 1;
        var end = Digits(digits, char.IsAsciiDigit);
        return end > digits ? end : at;
    }

    /// <summary>Digits with single underscores between them.</summary>
    private int Digits(int at, Func<char, bool> isDigit, bool leadingUnderscore = false)
    {
        var end = at;
        while (end < source.Length && (isDigit(source[end]) || (source[end] == '_' && (end > at || leadingUnderscore) && end + 1 < source.Length && isDigit(source[end + 1]))))
        {
            end++;
        }
        return end;
    }

    private static bool IsWord(char c) => char.IsAsciiLetterOrDigit(c) || c == '_' || (c > '\x7F' && char.GetUnicodeCategory(c) is
        UnicodeCategory.UppercaseLetter or UnicodeCategory.LowercaseLetter or UnicodeCategory.TitlecaseLetter or UnicodeCategory.ModifierLetter
        or UnicodeCategory.OtherLetter or UnicodeCategory.LetterNumber or UnicodeCategory.DecimalDigitNumber or UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark);
}
