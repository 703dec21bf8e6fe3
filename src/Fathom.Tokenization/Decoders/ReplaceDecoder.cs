using System.Text.Json;
using Fathom.Tokenization.Files;
using Fathom.Tokenization.Normalizers;
using Fathom.Tokenization.Patterns;
using Fathom.Tokenization.Text;

namespace Fathom.Tokenization.Decoders;

/// <summary>Replaces every match of a pattern in each token by a text, literally.</summary>
internal sealed class ReplaceDecoder(Pattern pattern, string content) : Decoder
{
    private readonly int[] _content = [.. content.EnumerateRunes().Select(rune => rune.Value)];

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter json) => json.WriteBlock("Replace", ("pattern", PatternJson.Writing(pattern)), ("content", content));

    /// <inheritdoc/>
    public override List<string> Apply(List<string> tokens) => tokens.ConvertAll(token =>
    {
        var piece = TextPiece.Of(token);
        ReplaceNormalizer.Replace(piece, pattern, _content);
        return piece.ToString();
    });
}
