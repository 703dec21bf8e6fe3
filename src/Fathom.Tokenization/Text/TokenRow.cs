namespace Fathom.Tokenization.Text;

/// <summary>The tokens of one text on their way through post-processing, with the parts that truncation cut off.</summary>
internal sealed class TokenRow
{
    /// <summary>The tokens.</summary>
    public List<TokenEntry> Tokens { get; set; } = [];

    /// <summary>The parts cut off.</summary>
    public List<TokenRow> Overflow { get; set; } = [];

    /// <summary>Tokens of a template.</summary>
    public static TokenRow Special(IEnumerable<int> ids, int type) =>
        new() { Tokens = [.. ids.Select(id => new TokenEntry(id, 0, 0) { Type = type, Special = true, Sequence = -1 })] };

    /// <summary>A copy that can be changed by itself; a template may use a text twice.</summary>
    public TokenRow Copy() => new() { Tokens = [.. Tokens], Overflow = [.. Overflow.Select(part => part.Copy())] };

    /// <summary>Says of every token, also of the parts cut off, which text it belongs to.</summary>
    public void Assign(int sequence, int type)
    {
        for (var i = 0; i < Tokens.Count && !(sequence == 0 && type == 0); i++) // Tokens are made as 0 and 0.
        {
            Tokens[i] = Tokens[i] with { Sequence = (sbyte)sequence, Type = type };
        }

        foreach (var part in Overflow)
        {
            part.Assign(sequence, type);
        }
    }
}
