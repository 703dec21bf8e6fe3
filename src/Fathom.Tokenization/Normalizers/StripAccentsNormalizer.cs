using System.Text.Json;
using Fathom.Tokenization.Files;
using Fathom.Tokenization.Text;
using Fathom.Tokenization.Unicode;

namespace Fathom.Tokenization.Normalizers;

/// <summary>Drops combining marks (Unicode 9); letters with a built-in accent keep it unless they were decomposed before.</summary>
internal sealed class StripAccentsNormalizer : Normalizer
{
    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter json) => json.WriteBlock("StripAccents");

    /// <inheritdoc/>
    public override void Apply(TextPiece text) => text.Filter(scalar => scalar < 0x300 || !UnicodeData.CombiningMark.Contains(scalar));
}
