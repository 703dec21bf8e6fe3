using System.Text;
using Fathom.Tokenization.Unicode;

namespace Fathom.Tokenization.Patterns;

/// <summary>Matching without regard to case: the letters whose folding is known here, the rest refused.</summary>
/// <remarks>A letter may also equal several (<c>ß</c> and <c>ss</c>); Oniguruma matches those in both directions.</remarks>
internal static class CaseFolding
{
    private static readonly (string Folded, int[] Scalars)[] Several =
    [
        ("ss", [0xDF, 0x1E9E]), ("ffi", [0xFB03]), ("ffl", [0xFB04]), ("ff", [0xFB00]), ("fi", [0xFB01]), ("fl", [0xFB02]), ("st", [0xFB05, 0xFB06]),
    ];

    /// <summary>A row of literal characters in any case.</summary>
    public static Node Literal(int[] scalars, Func<string, PatternSyntaxException> error)
    {
        var folded = new StringBuilder();
        foreach (var scalar in scalars)
        {
            var several = Several.FirstOrDefault(item => item.Scalars.Contains(scalar)).Folded;
            folded.Append(several ?? new Rune(Fold(scalar, error)).ToString());
        }

        return Rest(folded.ToString(), 0, error, 0);
    }

    /// <summary>A set with all cases of its letters.</summary>
    public static ScalarSet Close(ScalarSet set, Func<string, PatternSyntaxException> error)
    {
        for (var upper = 'A'; upper <= 'Z'; upper++)
        {
            var forms = Forms(upper | 0x20);
            if (!forms.Intersect(set).Edges.IsEmpty)
            {
                set = set.Union(forms);
            }
        }

        // Sets given by ranges or classes that hold both cases of other letters already need nothing.
        foreach (var scalar in UnicodeData.Lowercase.Keys)
        {
            var lower = UnicodeData.Lowercase[scalar];
            if (scalar >= 128 && lower is [>= 128 and var small] && set.Contains(scalar) != set.Contains(small))
            {
                throw error($"a set without regard to case that holds only one case of '{new Rune(scalar)}'");
            }
        }

        return set;
    }

    private static Node Rest(string folded, int at, Func<string, PatternSyntaxException> error, int depth)
    {
        if (at == folded.Length)
        {
            return new Node.Empty();
        }

        if (depth > 40)
        {
            throw error("a literal of more than 40 characters without regard to case");
        }

        Rune.DecodeFromUtf16(folded.AsSpan(at), out var rune, out var units);
        var options = new List<Node> { Join(Forms(rune.Value), Rest(folded, at + units, error, depth + 1)) };
        foreach (var (text, scalars) in Several)
        {
            if (folded.AsSpan(at).StartsWith(text, StringComparison.Ordinal))
            {
                var set = scalars.Aggregate(ScalarSet.Empty, (sum, scalar) => sum.Union(ScalarSet.Of(scalar)));
                options.Add(Join(set, Rest(folded, at + text.Length, error, depth + 1)));
            }
        }

        return options.Count == 1 ? options[0] : new Node.Choice(options);
    }

    private static Node.Sequence Join(ScalarSet set, Node rest) =>
        new([new Node.Set(set), .. rest switch { Node.Empty => [], Node.Sequence sequence => sequence.Items, _ => new List<Node> { rest } }]);

    private static ScalarSet Forms(int folded)
    {
        var set = ScalarSet.Of(folded);
        if (folded is < 'a' or > 'z')
        {
            return set;
        }

        set = set.Union(ScalarSet.Of(folded - 0x20));
        return folded switch
        {
            's' => set.Union(ScalarSet.Of(0x17F)),
            'k' => set.Union(ScalarSet.Of(0x212A)),
            _ => set,
        };
    }

    private static int Fold(int scalar, Func<string, PatternSyntaxException> error)
    {
        switch (scalar)
        {
            case >= 'A' and <= 'Z':
                return scalar | 0x20;
            case < 128:
                return scalar;
            case 0x17F:
                return 's';
            case 0x212A:
                return 'k';
        }

        var category = (System.Globalization.UnicodeCategory)UnicodeData.Category[scalar];
        return category is System.Globalization.UnicodeCategory.UppercaseLetter or System.Globalization.UnicodeCategory.LowercaseLetter or System.Globalization.UnicodeCategory.TitlecaseLetter
            ? throw error($"'{new Rune(scalar)}' without regard to case")
            : scalar;
    }
}
