using System.Text.Json;
using Fathom.Tokenization.Files;

namespace Fathom.Tokenization.Decoders;

/// <summary>Several decoders, one after the other.</summary>
internal sealed class SequenceDecoder(IReadOnlyList<Decoder> steps) : Decoder
{
    /// <summary>The steps.</summary>
    public IReadOnlyList<Decoder> Steps { get; } = steps;

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter json) => json.WriteBlock("Sequence", ("decoders", JsonBlock.List(Steps, (j, s) => s.Write(j))));

    /// <inheritdoc/>
    public override List<string> Apply(List<string> tokens) => Steps.Aggregate(tokens, (row, step) => step.Apply(row));
}
