using System.Text.Json;
using Fathom.Tokenization.Files;
using Fathom.Tokenization.Text;

namespace Fathom.Tokenization.Normalizers;

/// <summary>Puts a text before each segment that is not empty, whatever it begins with.</summary>
internal sealed class PrependNormalizer(string prefix) : Normalizer
{
    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter json) => json.WriteBlock("Prepend", ("prepend", prefix));

    /// <inheritdoc/>
    public override void Apply(TextPiece text) => Prepend(text, prefix);

    /// <summary>Puts a prefix before a piece; the prefix counts as part of the first character.</summary>
    public static void Prepend(TextPiece text, string prefix)
    {
        if (text.Length == 0 || prefix.Length == 0)
        {
            return;
        }

        var builder = new TextPieceBuilder(text.Length + prefix.Length);
        foreach (var rune in prefix.EnumerateRunes())
        {
            builder.Add(rune.Value, text.Start(0), text.End(0));
        }

        text.Append(builder, 0, text.Length);
        text.Take(builder);
    }
}
