namespace Fathom.Patching;

/// <summary>The tokens of one pair, as they ran.</summary>
/// <param name="FromIds">The ids of the prompt patched from.</param>
/// <param name="IntoIds">The ids of the prompt patched into.</param>
/// <param name="FromTokens">The text of each token of the prompt patched from.</param>
/// <param name="IntoTokens">The text of each token of the prompt patched into.</param>
public sealed record SweepExample(IReadOnlyList<int> FromIds, IReadOnlyList<int> IntoIds, IReadOnlyList<string> FromTokens, IReadOnlyList<string> IntoTokens);
