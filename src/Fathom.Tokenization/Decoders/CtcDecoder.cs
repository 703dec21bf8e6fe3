using System.Text.Json;
using Fathom.Tokenization.Files;

namespace Fathom.Tokenization.Decoders;

/// <summary>Drops repetitions and padding, as speech recognition needs, and turns the word mark into a space.</summary>
/// <remarks>Source: Graves et al. 2006.</remarks>
internal sealed class CtcDecoder(string padToken, string wordDelimiter, bool cleanup) : Decoder
{
    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter json) => json.WriteBlock("CTC", ("pad_token", padToken), ("word_delimiter_token", wordDelimiter), ("cleanup", cleanup));

    /// <inheritdoc/>
    public override List<string> Apply(List<string> tokens)
    {
        List<string> result = [];
        string? last = null;
        foreach (var token in tokens)
        {
            if (token == last)
            {
                continue;
            }

            last = token;
            var text = padToken.Length == 0 ? token : token.Replace(padToken, "", StringComparison.Ordinal);
            if (cleanup)
            {
                text = WordPieceDecoder.Clean(text);
                text = wordDelimiter.Length > 0 ? text.Replace(wordDelimiter, " ", StringComparison.Ordinal)
                    : $" {string.Concat(text.EnumerateRunes().Select(rune => $"{rune} "))}"; // An empty mark lies around every character.
            }

            if (text.Length > 0)
            {
                result.Add(text);
            }
        }

        return result;
    }
}
