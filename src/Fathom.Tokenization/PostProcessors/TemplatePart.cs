namespace Fathom.Tokenization.PostProcessors;

/// <summary>One part of a template: a text, or a special token.</summary>
/// <param name="Sequence">0 for the first text, 1 for the second, -1 for a special token.</param>
/// <param name="Ids">The special token's ids.</param>
/// <param name="Type">The type id of all of it.</param>
internal sealed record TemplatePart(int Sequence, IReadOnlyList<int> Ids, int Type);
