using System.Text.Json;
using Fathom.Tokenization.Files;
using Fathom.Tokenization.Text;

namespace Fathom.Tokenization.Normalizers;

/// <summary>Drops control characters and turns line ends, format characters and U+2581 into spaces, as machine translation does.</summary>
internal sealed class NmtNormalizer : Normalizer
{
    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter json) => json.WriteBlock("Nmt");

    /// <inheritdoc/>
    public override void Apply(TextPiece text)
    {
        text.Filter(c => c is not ((>= 1 and <= 8) or 0x0B or (>= 0x0E and <= 0x1F) or 0x7F or 0x8F or 0x9F));
        text.Replace(c => c is 0x09 or 0x0A or 0x0C or 0x0D or 0x1680 or (>= 0x200B and <= 0x200F) or 0x2028 or 0x2029 or 0x2581 or 0xFEFF or 0xFFFD ? ' ' : c);
    }
}
