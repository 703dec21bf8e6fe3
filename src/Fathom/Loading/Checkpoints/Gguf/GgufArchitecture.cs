using System.Text.Json.Nodes;

namespace Fathom.Loading.Checkpoints.Gguf;

/// <summary>One value of <c>general.architecture</c> as data: its tensor names, and how its metadata become a config.json.</summary>
/// <param name="Name">The value of <c>general.architecture</c>.</param>
/// <param name="ModelType">The <c>model_type</c> of the Hugging Face config.</param>
/// <param name="HuggingFaceClass">The entry of <c>architectures</c>.</param>
/// <param name="Outer">Tensors outside the layers.</param>
/// <param name="Layer">Tensors of one layer.</param>
/// <param name="WriteConfig">Adds the keys of this family to the config.</param>
/// <param name="When">A tensor that must exist for this row to apply: one architecture name can stand for two layouts.</param>
internal sealed record GgufArchitecture(
    string Name,
    string ModelType,
    string HuggingFaceClass,
    IReadOnlyList<GgufTensorRule> Outer,
    IReadOnlyList<GgufTensorRule> Layer,
    Action<GgufHyperparameters, JsonObject> WriteConfig,
    string? When = null)
{
    /// <summary>The rule of a tensor outside the layers or of a layer tensor, or null.</summary>
    public GgufTensorRule? Find(string stem, bool inLayer)
    {
        foreach (var rule in inLayer ? Layer : Outer)
        {
            if (rule.Gguf == stem)
            {
                return rule;
            }
        }

        return null;
    }
}
