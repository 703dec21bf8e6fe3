using System.Text.Json;
using Fathom.Tokenization.Files;
using Fathom.Tokenization.Text;

namespace Fathom.Tokenization.PostProcessors;

/// <summary>Several post-processors, one after the other.</summary>
internal sealed class SequencePostProcessor(IReadOnlyList<PostProcessor> steps) : PostProcessor
{
    /// <summary>The steps.</summary>
    public IReadOnlyList<PostProcessor> Steps { get; } = steps;

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter json, Func<int, string> token) => json.WriteBlock("Sequence", ("processors", JsonBlock.List(Steps, (j, s) => s.Write(j, token))));

    /// <inheritdoc/>
    public override int AddedTokens(bool pair) => Steps.Sum(step => step.AddedTokens(pair));

    /// <inheritdoc/>
    public override List<TokenRow> Process(List<TokenRow> rows, bool addSpecialTokens, Func<TokenEntry, string> spelling) =>
        Steps.Aggregate(Number(rows), (result, step) => step.Process(result, addSpecialTokens, spelling));
}
