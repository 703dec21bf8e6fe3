namespace Fathom.Loading.Checkpoints.Gguf;

/// <summary>One row of a name table: where a GGUF tensor lives in the Hugging Face checkpoint, and what the converter did to it.</summary>
/// <param name="Gguf">The GGUF name without <c>.weight</c> or <c>.bias</c> and, for layers, without <c>blk.N.</c>.</param>
/// <param name="HuggingFace">The Hugging Face name without the suffix; <c>{i}</c> is the layer, <c>{e}</c> an expert of a stacked tensor.</param>
/// <param name="Undo">How to get the Hugging Face values back.</param>
internal sealed record GgufTensorRule(string Gguf, string HuggingFace, GgufChange Undo = GgufChange.None);
