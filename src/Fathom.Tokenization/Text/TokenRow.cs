namespace Fathom.Tokenization.Text;

/// <summary>The tokens of one text on their way through post-processing, with the parts that truncation cut off.</summary>
internal sealed class TokenRow
{
    /// <summary>The tokens.</summary>
    public List<TokenEntry> Tokens { get; set; } = [];

    /// <summary>The parts cut off.</summary>
    public List<TokenRow> Overflow { get; set; } = [];

    /// <summary>Says of every token, also of the parts cut off, which text it belongs to.</summary>
    public void Assign(int sequence, int type)
    {
        for (var i = 0; i < Tokens.Count; i++)
        {
            Tokens[i] = Tokens[i] with { Sequence = sequence, Type = type };
        }

        foreach (var part in Overflow)
        {
            part.Assign(sequence, type);
        }
    }
}
