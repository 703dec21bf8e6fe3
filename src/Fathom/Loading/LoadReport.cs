namespace Fathom.Loading;

/// <summary>What loading decided, so that nothing is decided in silence.</summary>
/// <param name="Notes">Sentences: which weights are tied, which tensors were left out, which processing was skipped and why.</param>
public sealed record LoadReport(IReadOnlyList<string> Notes);
