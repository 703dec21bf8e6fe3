namespace Fathom.Loading.Checkpoints.Gguf;

/// <summary>Where a Hugging Face tensor comes from.</summary>
/// <param name="Stored">The GGUF tensor.</param>
/// <param name="Undo">What the converter did.</param>
/// <param name="Expert">The matrix of a stack, or null.</param>
internal sealed record GgufSlice(StoredTensor Stored, GgufChange Undo, int? Expert);
