using System.Globalization;
using Fathom.Tokenization.Unicode;

namespace Fathom.Tokenization.Patterns;

/// <summary>Named character classes of patterns, as Oniguruma reads them (Unicode 16).</summary>
internal static class CategorySets
{
    private static readonly ScalarSet[] ByCategory = Build();
    private static readonly string[] Names =
        ["Lu", "Ll", "Lt", "Lm", "Lo", "Mn", "Mc", "Me", "Nd", "Nl", "No", "Zs", "Zl", "Zp", "Cc", "Cf", "Cs", "Co", "Pc", "Pd", "Ps", "Pe", "Pi", "Pf", "Po", "Sm", "Sc", "Sk", "So", "Cn"];

    /// <summary>White space, <c>\s</c>.</summary>
    public static ScalarSet Space { get; } = new([9, 14, 0x20, 0x21, 0x85, 0x86, 0xA0, 0xA1, 0x1680, 0x1681, 0x2000, 0x200B, 0x2028, 0x202A, 0x202F, 0x2030, 0x205F, 0x2060, 0x3000, 0x3001]);

    /// <summary>Decimal digits, <c>\d</c>.</summary>
    public static ScalarSet Digit => ByCategory[(int)UnicodeCategory.DecimalDigitNumber];

    /// <summary>Hexadecimal digits, <c>\h</c>.</summary>
    public static ScalarSet Hex { get; } = new(['0', '9' + 1, 'A', 'F' + 1, 'a', 'f' + 1]);

    /// <summary>Word characters, <c>\w</c>.</summary>
    public static ScalarSet Word => UnicodeData.PatternWord;

    /// <summary><c>\w</c> inside a set: there Oniguruma leaves out the six Latin-1 numbers that are no digits.</summary>
    public static ScalarSet WordInSet { get; } = Word.Intersect(new ScalarSet([0xB2, 0xB4, 0xB9, 0xBA, 0xBC, 0xBF]).Complement());

    /// <summary>A general category (<c>Lu</c>), a group of them (<c>L</c>) or Han; <see langword="null"/> if the name is none of these.</summary>
    public static ScalarSet? Property(string name)
    {
        if (name is "Han")
        {
            return UnicodeData.Han;
        }

        var index = Array.IndexOf(Names, name);
        if (index >= 0)
        {
            return ByCategory[index];
        }

        var group = Names.Select((category, i) => (category, i)).Where(item => name.Length == 1 && item.category[0] == name[0]).ToList();
        return group.Count == 0 ? null : group.Select(item => ByCategory[item.i]).Aggregate((a, b) => a.Union(b));
    }

    /// <summary>A POSIX bracket (<c>[:punct:]</c>); <see langword="null"/> if the name is none.</summary>
    public static ScalarSet? Posix(string name) => name switch
    {
        "digit" => Digit,
        "space" => Space,
        "punct" => Property("P")!.Union(Property("S")!),
        "cntrl" => Property("Cc"),
        "xdigit" => Hex,
        _ => null,
    };

    private static ScalarSet[] Build()
    {
        var edges = new List<int>[30];
        for (var i = 0; i < edges.Length; i++)
        {
            edges[i] = [];
        }

        var last = -1;
        for (var c = 0; c < 0x110000; c++)
        {
            var category = UnicodeData.Category[c];
            if (category != last)
            {
                if (last >= 0)
                {
                    edges[last].Add(c);
                }

                edges[category].Add(c);
                last = category;
            }
        }

        edges[last].Add(0x110000);
        return [.. edges.Select(list => new ScalarSet([.. list]))];
    }
}
