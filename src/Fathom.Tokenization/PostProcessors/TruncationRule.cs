using Fathom.Tokenization.Text;

namespace Fathom.Tokenization.PostProcessors;

/// <summary>Cuts rows that are too long, keeping what is cut as overflow.</summary>
internal static class TruncationRule
{
    /// <summary>Cuts one row or a pair.</summary>
    /// <param name="rows">One row or two.</param>
    /// <param name="rule">How to cut.</param>
    /// <param name="special">How many special tokens come on top.</param>
    /// <exception cref="TokenizationException">The rule cannot be met.</exception>
    public static void Apply(List<TokenRow> rows, Truncation rule, int special)
    {
        var room = rule.MaxLength - special;
        if (room < 0)
        {
            throw new TokenizationException("truncation", $"The limit of {rule.MaxLength} tokens leaves no room beside {special} special tokens.");
        }

        if (room == 0)
        {
            rows.ForEach(row => Cut(row, 0, rule));
            return;
        }

        var total = rows.Sum(row => row.Tokens.Count);
        if (total <= room)
        {
            return;
        }

        if (rule.Strategy == TruncationStrategy.LongestFirst)
        {
            CutLongest(rows, rule, room, total - room);
            return;
        }

        if (rule.Strategy == TruncationStrategy.OnlySecond && rows.Count < 2)
        {
            throw new TokenizationException("truncation", "The rule is to cut the second text only, but there is no second text.");
        }

        var target = rule.Strategy == TruncationStrategy.OnlyFirst ? rows[0] : rows[1];
        if (target.Tokens.Count <= total - room)
        {
            throw new TokenizationException("truncation", $"The text to cut has {target.Tokens.Count} tokens, but {total - room} must go to keep within {rule.MaxLength}.");
        }

        Cut(target, target.Tokens.Count - (total - room), rule);
    }

    private static void CutLongest(List<TokenRow> rows, Truncation rule, int room, int excess)
    {
        if (rows.Count < 2)
        {
            Cut(rows[0], rows[0].Tokens.Count - excess, rule);
            return;
        }

        var (first, second) = (rows[0].Tokens.Count, rows[1].Tokens.Count);
        var swap = first > second;
        if (swap)
        {
            (first, second) = (second, first);
        }

        // The longer text goes down to the shorter one's length; then both share what is left.
        second = first > room ? first : Math.Max(first, room - first);
        if (first + second > room)
        {
            first = room / 2;
            second = first + (room % 2);
        }

        if (swap)
        {
            (first, second) = (second, first);
        }

        Cut(rows[0], first, rule);
        Cut(rows[1], second, rule);
    }

    private static void Cut(TokenRow row, int length, Truncation rule)
    {
        var all = row.Tokens;
        if (length >= all.Count)
        {
            return;
        }

        if (length == 0)
        {
            row.Overflow = [new TokenRow { Tokens = all }];
            row.Tokens = [];
            return;
        }

        if (rule.Stride >= length)
        {
            throw new TokenizationException("truncation", $"The stride of {rule.Stride} must be less than the {length} tokens that are kept.");
        }

        List<TokenRow> parts = [];
        var step = length - rule.Stride;
        if (rule.Direction == Side.Right)
        {
            for (var start = 0; ; start += step)
            {
                var end = Math.Min(start + length, all.Count);
                parts.Add(new TokenRow { Tokens = all[start..end] });
                if (end == all.Count)
                {
                    break;
                }
            }
        }
        else
        {
            for (var end = all.Count; ; end -= step)
            {
                var start = Math.Max(end - length, 0);
                parts.Add(new TokenRow { Tokens = all[start..end] });
                if (start == 0)
                {
                    break;
                }
            }
        }

        row.Tokens = parts[0].Tokens;
        row.Overflow = parts[1..];
    }
}
