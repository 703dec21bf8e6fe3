using System.Text.Json;
using Fathom.Hooks;

namespace Fathom.Architectures;

/// <summary>Every architecture that Fathom computes, by the class name that checkpoints carry.</summary>
public static class Catalogue
{
    /// <summary>The decoder-only architectures. A new one is a file in this folder and a line here.</summary>
    public static IReadOnlyList<Architecture> All { get; } =
    [
        new Gpt2(),
        new Llama(),
        new Mistral(),
        new Ministral3(),
        new Qwen2(),
        new Qwen3(),
        new SeedOss(),
        new Ernie45(),
        new Arcee(),
        new Helium(),
        new SmolLM3(),
        new Gemma(),
        new Gemma2(),
        new Gemma3(),
        new VaultGemma(),
        new Phi(),
        new Phi3(),
        new Olmo(),
        new Olmo2(),
        new Olmo3(),
        new Exaone4(),
        new Cohere(),
        new Cohere2(),
        new Granite(),
        new Glm(),
        new Glm4(),
        new HunYuanDense(),
        new StableLm(),
        new Starcoder2(),
        new Persimmon(),
        new Nemotron(),
        new Apertus(),
        new BitNet(),
        new NanoChat(),
    ];

    /// <summary>Every class name that can be loaded.</summary>
    public static IReadOnlyList<string> Ids { get; } = [.. All.SelectMany(a => a.Ids)];

    /// <summary>Finds the architecture of a class name, or <see langword="null"/>.</summary>
    public static Architecture? Find(string id) => All.FirstOrDefault(a => a.Ids.Contains(id));

    /// <summary>Finds the architecture that a config.json names.</summary>
    /// <param name="json">The parsed config.json.</param>
    /// <param name="source">Where it came from, for messages.</param>
    /// <exception cref="ConfigException">The config names no architecture, or one that is not in the catalogue.</exception>
    public static Architecture Of(JsonElement json, string source)
    {
        var id = Named(json) ?? throw new ConfigException(source, ["architectures"], "the key 'architectures' is missing, so the kind of model is unknown. A Hugging Face config.json names its class there, e.g. [\"GPT2LMHeadModel\"].");
        return Find(id) ?? throw new ConfigException(source, ["architectures"], $"the architecture '{id}' is not one that Fathom computes.{NearestNames.Clause(id, Ids)} The {Ids.Count} it knows are listed in docs/models.md.");
    }

    /// <summary>The class name that a config.json carries, or <see langword="null"/>.</summary>
    public static string? Named(JsonElement json) =>
        json.ValueKind == JsonValueKind.Object && json.TryGetProperty("architectures", out var list) && list.ValueKind == JsonValueKind.Array
        && list.GetArrayLength() > 0 && list[0].ValueKind == JsonValueKind.String ? list[0].GetString() : null;
}
