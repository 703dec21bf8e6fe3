using Fathom.Tokenization.Text;

namespace Fathom.Tokenization.Normalizers;

/// <summary>Several normalizers, one after the other.</summary>
internal sealed class SequenceNormalizer(IReadOnlyList<Normalizer> steps) : Normalizer
{
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
