using System.Text.Json;
using Fathom.Tokenization.Files;
using Fathom.Tokenization.Text;

namespace Fathom.Tokenization.PostProcessors;

/// <summary>Puts texts and special tokens in the order of a template.</summary>
internal sealed class TemplatePostProcessor(IReadOnlyList<TemplatePart> single, IReadOnlyList<TemplatePart> pair) : PostProcessor
{
    /// <summary>The template for one text.</summary>
    public IReadOnlyList<TemplatePart> Single { get; } = single;

    /// <summary>The template for two texts.</summary>
    public IReadOnlyList<TemplatePart> Pair { get; } = pair;

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter json, Func<int, string> token) => PostProcessorJson.Write(json, this, token);

    /// <inheritdoc/>
    public override int AddedTokens(bool pair) => (pair ? Pair : Single).Sum(part => part.Ids.Count);

    /// <inheritdoc/>
    public override List<TokenRow> Process(List<TokenRow> rows, bool addSpecialTokens, Func<TokenEntry, string> spelling)
    {
        var result = new List<TokenRow>();
        foreach (var part in rows.Count == 2 ? Pair : Single)
        {
            if (part.Sequence >= 0)
            {
                var row = rows[part.Sequence].Copy();
                row.Assign(part.Sequence, part.Type);
                result.Add(row);
            }
            else if (addSpecialTokens)
            {
                result.Add(TokenRow.Special(part.Ids, part.Type));
            }
        }

        return result;
    }
}
