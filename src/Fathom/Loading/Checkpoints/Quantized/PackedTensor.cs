namespace Fathom.Loading.Checkpoints.Quantized;

/// <summary>A weight that several stored tensors hold together.</summary>
/// <param name="Name">The name of the plain weight.</param>
/// <param name="Type">The type it unpacks to.</param>
/// <param name="Shape">The shape it unpacks to.</param>
/// <param name="Parts">The stored tensors it replaces.</param>
/// <param name="Unpack">Makes the plain weight inside the current dispose scope, given a reader of stored tensors into that scope.</param>
internal sealed record PackedTensor(string Name, StoredType Type, IReadOnlyList<long> Shape, IReadOnlyList<string> Parts, Func<Func<string, Tensor>, Tensor> Unpack);
