using System.Text.Json;
using Fathom.Tokenization.Files;
using Fathom.Tokenization.Text;
using Fathom.Tokenization.Unicode;

namespace Fathom.Tokenization.Normalizers;

/// <summary>Lower case, character by character: no final sigma, <c>İ</c> becomes two.</summary>
internal sealed class LowercaseNormalizer : Normalizer
{
    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter json) => json.WriteBlock("Lowercase");

    /// <inheritdoc/>
    public override void Apply(TextPiece text) => Lower(text);

    /// <summary>Lowers a piece in place.</summary>
    public static void Lower(TextPiece text)
    {
        var builder = new TextPieceBuilder(text.Length);
        var scalars = text.Scalars;
        for (var i = 0; i < scalars.Length; i++)
        {
            var scalar = scalars[i];
            if (scalar < 128)
            {
                builder.Add(scalar is >= 'A' and <= 'Z' ? scalar | 0x20 : scalar, text.Start(i), text.End(i));
                continue;
            }

            var lower = UnicodeData.Lowercase[scalar];
            if (lower.Length == 0)
            {
                builder.Add(scalar, text.Start(i), text.End(i));
            }

            foreach (var part in lower)
            {
                builder.Add(part, text.Start(i), text.End(i));
            }
        }

        text.Take(builder);
    }
}
