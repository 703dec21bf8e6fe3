using System.Text.Json;
using Fathom.Tokenization.Text;

namespace Fathom.Tokenization.PreTokenizers;

/// <summary>Cuts the normalized text into the pieces that the model sees one by one.</summary>
internal abstract class PreTokenizer
{
    /// <summary>Cuts one piece, appending the parts (empty ones are dropped later).</summary>
    public abstract void Split(TextPiece text, List<TextPiece> output);

    /// <summary>Writes the step as <c>tokenizer.json</c> has it.</summary>
    public abstract void Write(Utf8JsonWriter json);
}
