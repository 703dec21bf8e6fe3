using System.Text.Json;
using Fathom.Tokenization.Files;

namespace Fathom.Tokenization.Decoders;

/// <summary>Turns the end-of-word suffix into a space, and the last one into nothing.</summary>
internal sealed class BpeDecoder(string suffix) : Decoder
{
    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter json) => json.WriteBlock("BPEDecoder", ("suffix", suffix));

    /// <inheritdoc/>
    public override List<string> Apply(List<string> tokens)
    {
        var result = new List<string>(tokens.Count);
        for (var i = 0; i < tokens.Count; i++)
        {
            result.Add(suffix.Length == 0 ? tokens[i] : tokens[i].Replace(suffix, i == tokens.Count - 1 ? "" : " ", StringComparison.Ordinal));
        }

        return result;
    }
}
