using System.Globalization;
using System.Text;

namespace Fathom.Tokenization.Patterns;

/// <summary>Reads a pattern character by character.</summary>
internal sealed class PatternReader(string pattern)
{
    private int _at;

    /// <summary>Whether everything was read.</summary>
    public bool AtEnd => _at >= pattern.Length;

    /// <summary>The next character, NUL at the end.</summary>
    public char Peek => AtEnd ? '\0' : pattern[_at];

    /// <summary>Whether a quantifier comes next.</summary>
    public bool AtQuantifier
    {
        get
        {
            var here = _at;
            var found = TryQuantifier(out _, out _, out _);
            _at = here;
            return found;
        }
    }

    /// <summary>An error at this place.</summary>
    public PatternSyntaxException Error(string problem) => new(pattern, _at, problem);

    /// <summary>Reads a character that must be there.</summary>
    public char Next() => AtEnd ? throw Error("the pattern ends too early") : pattern[_at++];

    /// <summary>Reads a character if it is the one wanted.</summary>
    public bool Take(char wanted)
    {
        if (AtEnd || pattern[_at] != wanted)
        {
            return false;
        }

        _at++;
        return true;
    }

    /// <summary>Reads a piece of text if it comes next.</summary>
    public bool Take(string wanted)
    {
        if (!pattern.AsSpan(_at).StartsWith(wanted, StringComparison.Ordinal))
        {
            return false;
        }

        _at += wanted.Length;
        return true;
    }

    /// <summary>Unreads a character.</summary>
    public void Back() => _at--;

    /// <summary>Reads up to a character and that character.</summary>
    public string SkipPast(char end)
    {
        var found = pattern.IndexOf(end, _at);
        if (found < 0)
        {
            throw Error($"'{end}' is missing");
        }

        var text = pattern[_at..found];
        _at = found + 1;
        return text;
    }

    /// <summary>Reads a scalar as it stands.</summary>
    public int Scalar()
    {
        if (!Rune.TryGetRuneAt(pattern, _at, out var rune))
        {
            throw Error("half a surrogate pair");
        }

        _at += rune.Utf16SequenceLength;
        return rune.Value;
    }

    /// <summary>Reads a character that stands for itself, or an escape that stands for one character.</summary>
    public bool TryLiteral(out int scalar)
    {
        scalar = 0;
        if (AtEnd || Peek is '(' or ')' or '[' or '.' or '^' or '$' or '|' || AtQuantifier)
        {
            return false;
        }

        if (Peek != '\\')
        {
            scalar = Scalar();
            return true;
        }

        var here = _at++;
        if (TryEscapedScalar(out scalar))
        {
            return true;
        }

        _at = here;
        return false;
    }

    /// <summary>Reads what follows a backslash if it stands for one character.</summary>
    public bool TryEscapedScalar(out int scalar)
    {
        var c = Next();
        scalar = c switch { 'n' => '\n', 'r' => '\r', 't' => '\t', 'v' => '\v', 'f' => '\f', 'a' => '\a', 'e' => 0x1B, _ => -1 };
        if (scalar >= 0)
        {
            return true;
        }

        switch (c)
        {
            case 'x':
                scalar = Take('{') ? Hex(SkipPast('}')) : Hex(Digits(2));
                return true;
            case 'u':
                scalar = Hex(Digits(4));
                return true;
            case '0':
                scalar = 0;
                return Peek is >= '0' and <= '7' ? throw Error("an octal escape") : true;
        }

        if (char.IsAsciiLetterOrDigit(c))
        {
            return false;
        }

        Back();
        scalar = Scalar();
        return true;
    }

    /// <summary>Reads a quantifier without its ending.</summary>
    public bool TryQuantifier(out int min, out int max, out bool interval)
    {
        (min, max, interval) = (0, -1, false);
        if (Take('*'))
        {
            return true;
        }

        if (Take('+'))
        {
            min = 1;
            return true;
        }

        if (Take('?'))
        {
            max = 1;
            return true;
        }

        return Peek == '{' && (interval = TryInterval(out min, out max));
    }

    // A brace that is no interval stands for itself.
    private bool TryInterval(out int min, out int max)
    {
        (min, max) = (0, -1);
        var end = pattern.IndexOf('}', _at);
        var parts = end < 0 ? [] : pattern[(_at + 1)..end].Split(',');
        var isNumber = parts.Length is 1 or 2 && parts.All(part => part.All(char.IsAsciiDigit) && part.Length < 6) && parts.Any(part => part.Length > 0);
        if (!isNumber)
        {
            return false;
        }

        min = parts[0].Length == 0 ? 0 : int.Parse(parts[0], CultureInfo.InvariantCulture);
        max = parts.Length == 1 ? min : parts[1].Length == 0 ? -1 : int.Parse(parts[1], CultureInfo.InvariantCulture);
        if (max >= 0 && max < min)
        {
            throw Error("an interval that ends before it begins");
        }

        _at = end + 1;
        return true;
    }

    private string Digits(int count)
    {
        var start = _at;
        while (_at < pattern.Length && _at - start < count && char.IsAsciiHexDigit(pattern[_at]))
        {
            _at++;
        }

        return pattern[start.._at];
    }

    private int Hex(string digits) =>
        int.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value) && Rune.IsValid(value)
            ? value
            : throw Error($"\"{digits}\" is no character code");
}
