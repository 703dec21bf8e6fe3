namespace Fathom.Loading.Checkpoints.Gguf;

/// <summary>One tensor of a GGUF file.</summary>
/// <param name="Tensor">Name, type and shape.</param>
/// <param name="Begin">Position of its first byte in the file.</param>
internal sealed record GgufEntry(StoredTensor Tensor, long Begin);
