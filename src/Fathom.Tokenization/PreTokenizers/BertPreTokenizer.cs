using System.Text.Json;
using Fathom.Tokenization.Files;
using Fathom.Tokenization.Text;
using Fathom.Tokenization.Unicode;

namespace Fathom.Tokenization.PreTokenizers;

/// <summary>Drops white space and cuts out punctuation.</summary>
internal sealed class BertPreTokenizer : PreTokenizer
{
    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter json) => json.WriteBlock("BertPreTokenizer");

    /// <inheritdoc/>
    public override void Split(TextPiece text, List<TextPiece> output)
    {
        List<TextPiece> words = [];
        Cutting.Apply(text, Cutting.At(text.Scalars, UnicodeData.IsSpace), SplitBehavior.Removed, words);
        foreach (var word in words)
        {
            Cutting.Apply(word, Cutting.At(word.Scalars, UnicodeData.Punctuation.Contains), SplitBehavior.Isolated, output);
        }
    }
}
