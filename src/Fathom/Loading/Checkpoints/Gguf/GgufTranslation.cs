using System.Text.Json.Nodes;

namespace Fathom.Loading.Checkpoints.Gguf;

/// <summary>A GGUF file seen as a Hugging Face model.</summary>
/// <param name="Config">What the model's config.json says, as far as the file knows it; families imply the rest.</param>
/// <param name="Checkpoint">The weights under Hugging Face names, every change of the converter undone. Dispose it to close the file.</param>
/// <param name="Notices">What a user should know, such as a scaling that the family usually has and this file lacks.</param>
public sealed record GgufTranslation(JsonObject Config, Checkpoint Checkpoint, IReadOnlyList<string> Notices);
