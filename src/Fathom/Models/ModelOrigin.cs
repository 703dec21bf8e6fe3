using Fathom.Tokenization;

namespace Fathom.Models;

/// <summary>What a model's files said beside its numbers, so that the model can be written back as they were.</summary>
/// <param name="ConfigJson">The text of the config under Hugging Face's keys, without the settings of a packing that loading undid.</param>
/// <param name="ConfigSource">Where the config came from, for messages.</param>
/// <param name="Tensors">The tensors that loading saw, with the type their numbers were read as: a GGUF file's after translation, packed ones after unpacking.</param>
/// <param name="Folder">The folder with generation_config.json; <see langword="null"/> where the files had no such folder.</param>
/// <param name="TokenizerFolder">The folder with the tokenizer's files; <see langword="null"/> where the tokenizer lay elsewhere.</param>
/// <param name="Tokenizer">The tokenizer that was read.</param>
internal sealed record ModelOrigin(string ConfigJson, string ConfigSource, IReadOnlyDictionary<string, torch.ScalarType> Tensors, string? Folder, string? TokenizerFolder, Tokenizer? Tokenizer);
