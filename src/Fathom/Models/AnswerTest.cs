namespace Fathom.Models;

/// <summary>How a model takes one answer: each of its tokens, given the prompt and the answer's earlier tokens.</summary>
/// <param name="Answer">The answer as it was tokenized, space included.</param>
/// <param name="Tokens">The answer's tokens, in order.</param>
/// <param name="Top">The most probable tokens at each of the answer's places.</param>
public sealed record AnswerTest(string Answer, IReadOnlyList<RankedToken> Tokens, IReadOnlyList<IReadOnlyList<RankedToken>> Top);
