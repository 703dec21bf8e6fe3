using Fathom.Tokenization.Text;

namespace Fathom.Tokenization.PostProcessors;

/// <summary>Fills an encoding up to a length.</summary>
internal static class PaddingRule
{
    /// <summary>The encoding, and its overflow, filled up to <paramref name="length"/> tokens.</summary>
    public static Encoding Apply(Encoding encoding, Tokenizer tokenizer, Padding padding, int length)
    {
        if (padding.MultipleOf is > 0 and var multiple && length % multiple != 0)
        {
            length += multiple - (length % multiple);
        }

        var overflow = encoding.Overflow.Select(part => Apply(part, tokenizer, padding with { MultipleOf = null }, length)).ToList();
        var tokens = encoding.Entries.ToArray();
        if (tokens.Length < length)
        {
            var fill = new TokenEntry[length - tokens.Length];
            Array.Fill(fill, new TokenEntry(padding.Id, 0, 0) { Type = padding.TypeId, Special = true, Padding = true, Sequence = -1 });
            tokens = padding.Direction == Side.Left ? [.. fill, .. tokens] : [.. tokens, .. fill];
        }

        return new Encoding(tokenizer, encoding.Source.Inputs, encoding.Source.Words, tokens, overflow);
    }
}
