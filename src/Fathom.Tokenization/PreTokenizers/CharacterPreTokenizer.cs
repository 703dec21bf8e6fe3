using Fathom.Tokenization.Text;

namespace Fathom.Tokenization.PreTokenizers;

/// <summary>Cuts at every character of a kind: white space, digits, punctuation, a delimiter.</summary>
internal sealed class CharacterPreTokenizer(Func<int, bool> isDelimiter, SplitBehavior behavior) : PreTokenizer
{
    /// <inheritdoc/>
    public override void Split(TextPiece text, List<TextPiece> output) =>
        Cutting.Apply(text, Cutting.At(text.Scalars, isDelimiter), behavior, output);
}
