using System.Text.Json;
using Fathom.Tokenization.Files;
using Fathom.Tokenization.Text;
using Fathom.Tokenization.Unicode;

namespace Fathom.Tokenization.Normalizers;

/// <summary>Takes white space off the ends.</summary>
internal sealed class StripNormalizer(bool left, bool right) : Normalizer
{
    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter json) => json.WriteBlock("Strip", ("strip_left", left), ("strip_right", right));

    /// <inheritdoc/>
    public override void Apply(TextPiece text)
    {
        var (start, end) = (0, text.Length);
        while (left && start < end && UnicodeData.IsSpace(text.Scalars[start]))
        {
            start++;
        }

        while (right && end > start && UnicodeData.IsSpace(text.Scalars[end - 1]))
        {
            end--;
        }

        text.Keep(start, end);
    }
}
