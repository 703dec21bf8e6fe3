using System.Text.Json;
using Fathom.Tokenization.Files;
using Fathom.Tokenization.Text;

namespace Fathom.Tokenization.PreTokenizers;

/// <summary>Several pre-tokenizers, each cutting the pieces of the one before.</summary>
internal sealed class SequencePreTokenizer(IReadOnlyList<PreTokenizer> steps) : PreTokenizer
{
    /// <summary>The steps.</summary>
    public IReadOnlyList<PreTokenizer> Steps { get; } = steps;

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter json) => json.WriteBlock("Sequence", ("pretokenizers", JsonBlock.List(Steps, (j, s) => s.Write(j))));

    /// <inheritdoc/>
    public override void Split(TextPiece text, List<TextPiece> output)
    {
        List<TextPiece> pieces = [text];
        foreach (var step in Steps)
        {
            List<TextPiece> next = [];
            foreach (var piece in pieces)
            {
                if (piece.Length > 0)
                {
                    step.Split(piece, next);
                }
            }

            pieces = next;
        }

        output.AddRange(pieces);
    }
}
