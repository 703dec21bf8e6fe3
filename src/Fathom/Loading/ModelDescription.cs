using Fathom.Architectures;
using Fathom.Configuration;

namespace Fathom.Loading;

/// <summary>What a model's files say before any weight is read.</summary>
/// <param name="Architecture">The family.</param>
/// <param name="Config">What would be built.</param>
/// <param name="Source">The file that the config came from: config.json, a GGUF file, nanoGPT's <c>ckpt.pt</c>.</param>
/// <param name="HasTokenizer">Whether a tokenizer came with the files.</param>
/// <param name="Notices">What a user should know.</param>
public sealed record ModelDescription(Architecture Architecture, ModelConfig Config, string Source, bool HasTokenizer, IReadOnlyList<string> Notices);
