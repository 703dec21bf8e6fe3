using Fathom.Tokenization.Text;

namespace Fathom.Tokenization.PostProcessors;

/// <summary>Joins the rows that a template put in order into one encoding.</summary>
internal static class RowJoin
{
    /// <summary>One encoding; its overflow holds every other combination of parts.</summary>
    public static Encoding Join(List<TokenRow> rows, Tokenizer tokenizer, string[][] inputs, bool words)
    {
        var joined = rows.Count == 0 ? new TokenRow() : rows[0];
        for (var i = 1; i < rows.Count; i++)
        {
            joined = Append(joined, rows[i]);
        }

        return Freeze(joined, tokenizer, inputs, words);
    }

    /// <summary>The second row after the first, with the overflow in the reference's order.</summary>
    public static TokenRow Append(TokenRow left, TokenRow right)
    {
        var overflow = new List<TokenRow>();
        foreach (var part in left.Overflow)
        {
            overflow.Add(Plain(part, right));
            foreach (var other in right.Overflow)
            {
                overflow.Add(Plain(part, other));
            }
        }

        foreach (var other in right.Overflow)
        {
            overflow.Add(Plain(left, other));
        }

        return new TokenRow { Tokens = [.. left.Tokens, .. right.Tokens], Overflow = overflow };
    }

    private static TokenRow Plain(TokenRow left, TokenRow right) => new() { Tokens = [.. left.Tokens, .. right.Tokens] };

    private static Encoding Freeze(TokenRow row, Tokenizer tokenizer, string[][] inputs, bool words) =>
        new(tokenizer, inputs, words, [.. row.Tokens], [.. row.Overflow.Select(part => Freeze(part, tokenizer, inputs, words))]);
}
