using System.Text.Json;
using Fathom.Tokenization.Files;
using Fathom.Tokenization.Text;
using Fathom.Tokenization.Unicode;

namespace Fathom.Tokenization.PreTokenizers;

/// <summary>Cuts out numbers (Unicode 17), digit by digit or as runs.</summary>
internal sealed class DigitsPreTokenizer(bool individual) : PreTokenizer
{
    /// <summary>Whether every digit is a piece of its own.</summary>
    public bool Individual { get; } = individual;

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter json) => json.WriteBlock("Digits", ("individual_digits", Individual));

    /// <inheritdoc/>
    public override void Split(TextPiece text, List<TextPiece> output) => Cutting.Apply(
        text,
        Cutting.At(text.Scalars, UnicodeData.Numeric.Contains),
        Individual ? SplitBehavior.Isolated : SplitBehavior.Contiguous,
        output);
}
