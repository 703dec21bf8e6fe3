namespace Fathom.Models;

/// <summary>One step of a generation.</summary>
/// <param name="Index">The step, from 0.</param>
/// <param name="Ids">The new token of each row; <see langword="null"/> for rows that had ended.</param>
/// <param name="Logits">The raw logits the tokens were chosen from, <c>[batch, d_vocab]</c>; valid until the next step.</param>
public sealed record GeneratedStep(int Index, IReadOnlyList<int?> Ids, Tensor Logits);
