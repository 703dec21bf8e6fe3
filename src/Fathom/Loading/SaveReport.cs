namespace Fathom.Loading;

/// <summary>What saving wrote and decided.</summary>
/// <param name="Files">The names of the files in the folder, in order.</param>
/// <param name="Bytes">Their size.</param>
/// <param name="TensorCount">The number of tensors.</param>
/// <param name="Notes">Sentences: what was left out, what the config says now.</param>
public sealed record SaveReport(IReadOnlyList<string> Files, long Bytes, int TensorCount, IReadOnlyList<string> Notes);
