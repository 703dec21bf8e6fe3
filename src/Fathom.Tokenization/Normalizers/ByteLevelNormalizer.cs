using System.Text.Json;
using System.Text;
using Fathom.Tokenization.Files;
using Fathom.Tokenization.Text;

namespace Fathom.Tokenization.Normalizers;

/// <summary>Spells every byte as a printable character.</summary>
internal sealed class ByteLevelNormalizer : Normalizer
{
    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter json) => json.WriteBlock("ByteLevel");

    /// <inheritdoc/>
    public override void Apply(TextPiece text) => Spell(text);

    /// <summary>Spells a piece in place; all bytes of a character come from all of it.</summary>
    public static void Spell(TextPiece text)
    {
        var builder = new TextPieceBuilder(text.Length * 2);
        Span<byte> bytes = stackalloc byte[4];
        var scalars = text.Scalars;
        for (var i = 0; i < scalars.Length; i++)
        {
            var size = new Rune(scalars[i]).EncodeToUtf8(bytes);
            foreach (var b in bytes[..size])
            {
                builder.Add(ByteAlphabet.ToChar(b), text.Start(i), text.End(i));
            }
        }

        text.Take(builder);
    }
}
