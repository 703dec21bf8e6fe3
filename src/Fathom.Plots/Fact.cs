namespace Fathom.Plots;

/// <summary>One line of a figure's provenance: the model, its revision, the dtype, the seed, the command.</summary>
/// <param name="Name">What is told.</param>
/// <param name="Value">The value, as text.</param>
public sealed record Fact(string Name, string Value);
