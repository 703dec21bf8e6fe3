using System.Text.Json;
using Fathom.Tokenization.Files;
using Fathom.Tokenization.Text;

namespace Fathom.Tokenization.PreTokenizers;

/// <summary>Cuts into pieces of so many characters.</summary>
internal sealed class FixedLengthPreTokenizer(int length) : PreTokenizer
{
    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter json) => json.WriteBlock("FixedLength", ("length", length));

    /// <inheritdoc/>
    public override void Split(TextPiece text, List<TextPiece> output)
    {
        for (var start = 0; start < text.Length; start += length)
        {
            output.Add(text.Slice(start, Math.Min(start + length, text.Length)));
        }
    }
}
