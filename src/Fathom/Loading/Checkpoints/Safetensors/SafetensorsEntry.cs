namespace Fathom.Loading.Checkpoints.Safetensors;

/// <summary>One tensor of a header.</summary>
/// <param name="Tensor">Name, type and shape.</param>
/// <param name="Begin">First byte, from the start of the data.</param>
/// <param name="End">One past the last byte, from the start of the data.</param>
internal sealed record SafetensorsEntry(StoredTensor Tensor, long Begin, long End);
