using System.Text.Json;
using Fathom.Tokenization.Files;
using Fathom.Tokenization.Text;

namespace Fathom.Tokenization.Normalizers;

/// <summary>Several normalizers, one after the other.</summary>
internal sealed class SequenceNormalizer(IReadOnlyList<Normalizer> steps) : Normalizer
{
    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter json) => json.WriteBlock("Sequence", ("normalizers", JsonBlock.List(steps, (j, s) => s.Write(j))));

    /// <inheritdoc/>
    public override void Apply(TextPiece text)
    {
        foreach (var step in steps)
        {
            step.Apply(text);
        }
    }

    /// <inheritdoc/>
    public override bool LeavesAlone(ReadOnlySpan<char> text)
    {
        foreach (var step in steps)
        {
            if (!step.LeavesAlone(text))
            {
                return false;
            }
        }

        return true;
    }
}
