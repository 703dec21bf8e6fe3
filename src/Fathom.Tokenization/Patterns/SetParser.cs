using Fathom.Tokenization.Unicode;

namespace Fathom.Tokenization.Patterns;

/// <summary>Parses character sets: <c>[^\s\p{L}a-z]</c> and class escapes.</summary>
internal static class SetParser
{
    /// <summary>Parses a set whose opening bracket was read.</summary>
    public static ScalarSet Parse(PatternReader reader, int depth = 0)
    {
        if (depth > 20)
        {
            throw reader.Error("sets nested more than 20 deep");
        }

        var negative = reader.Take('^');
        var result = ScalarSet.Empty;
        ScalarSet? left = null;
        for (var first = true; ; first = false)
        {
            if (reader.AtEnd)
            {
                throw reader.Error("a set that is not closed");
            }

            if (!first && reader.Take(']'))
            {
                break;
            }

            if (reader.Take("&&"))
            {
                left = left?.Intersect(result) ?? result;
                result = ScalarSet.Empty;
                continue;
            }

            result = result.Union(Item(reader, depth));
        }

        result = left?.Intersect(result) ?? result;
        return negative ? result.Complement() : result;
    }

    /// <summary>The set of a class escape such as <c>\s</c> or <c>\p{L}</c> whose backslash and letter were read; <see langword="null"/> if it is none.</summary>
    public static ScalarSet? Class(PatternReader reader, char letter) => letter switch
    {
        's' => CategorySets.Space,
        'S' => CategorySets.Space.Complement(),
        'w' => CategorySets.Word,
        'W' => CategorySets.Word.Complement(),
        'd' => CategorySets.Digit,
        'D' => CategorySets.Digit.Complement(),
        'h' => CategorySets.Hex,
        'H' => CategorySets.Hex.Complement(),
        'p' => Property(reader, negative: false),
        'P' => Property(reader, negative: true),
        _ => null,
    };

    private static ScalarSet Property(PatternReader reader, bool negative)
    {
        if (!reader.Take('{'))
        {
            throw reader.Error("\\p without braces");
        }

        var name = reader.SkipPast('}');
        if (name.StartsWith('^'))
        {
            negative = !negative;
            name = name[1..];
        }

        var set = CategorySets.Property(name) ?? throw reader.Error($"the property \"{name}\" (known: general categories such as L or Lu, and Han)");
        return negative ? set.Complement() : set;
    }

    private static ScalarSet Item(PatternReader reader, int depth)
    {
        if (reader.Take("[:"))
        {
            var inverted = reader.Take('^');
            var name = reader.SkipPast(':');
            var set = CategorySets.Posix(name);
            if (set is null || !reader.Take(']'))
            {
                throw reader.Error($"the bracket [:{name}:]");
            }

            return inverted ? set.Complement() : set;
        }

        if (reader.Take('['))
        {
            return Parse(reader, depth + 1);
        }

        var (low, whole) = Element(reader);
        if (whole is not null)
        {
            return whole;
        }

        if (!reader.Take('-'))
        {
            return ScalarSet.Of(low);
        }

        if (reader.Peek == ']')
        {
            return ScalarSet.Of(low).Union(ScalarSet.Of('-'));
        }

        var (high, other) = Element(reader);
        if (other is not null)
        {
            return ScalarSet.Of(low).Union(ScalarSet.Of('-')).Union(other);
        }

        return high >= low ? ScalarSet.Range(low, high) : throw reader.Error("a range that ends before it begins");
    }

    private static (int Scalar, ScalarSet? Whole) Element(PatternReader reader)
    {
        if (!reader.Take('\\'))
        {
            return (reader.Scalar(), null);
        }

        if (reader.Take('b'))
        {
            return (8, null);
        }

        if (reader.TryEscapedScalar(out var scalar))
        {
            return (scalar, null);
        }

        reader.Back();
        var letter = reader.Next();
        if (letter is 'w' or 'W')
        {
            return (0, letter == 'w' ? CategorySets.WordInSet : CategorySets.WordInSet.Complement());
        }

        return (0, Class(reader, letter) ?? throw reader.Error($"the escape \\{letter} inside a set"));
    }
}
