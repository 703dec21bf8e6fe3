namespace Fathom.Models;

/// <summary>What a model continued.</summary>
/// <param name="PromptIds">The prompt's ids, per row, without padding.</param>
/// <param name="NewIds">The new ids, per row; a row that ended early is shorter. The token that ended it is included.</param>
/// <param name="Texts">Prompt and continuation as text, per row, without special tokens; empty if the model has no tokenizer.</param>
public sealed record Generation(IReadOnlyList<IReadOnlyList<int>> PromptIds, IReadOnlyList<IReadOnlyList<int>> NewIds, IReadOnlyList<string> Texts)
{
    /// <summary>The text of the first row.</summary>
    public string Text => Texts[0];

    /// <inheritdoc/>
    public override string ToString() => Texts.Count > 0 ? string.Join("\n", Texts) : string.Join("\n", NewIds.Select(r => string.Join(" ", r)));
}
