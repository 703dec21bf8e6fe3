using System.Text.Json;
using Fathom.Hooks;

namespace Fathom.Architectures;

/// <summary>Every architecture that Fathom computes, by the class name that checkpoints carry.</summary>
public static class Catalogue
{
    /// <summary>The architectures, of every kind. A new one is a file in this folder and a line here.</summary>
    public static IReadOnlyList<Architecture> All { get; } =
    [
        new Gpt2(),
        new GptNeoX(),
        new GptNeo(),
        new GptJ(),
        new Opt(),
        new Bloom(),
        new Falcon(),
        new Mpt(),
        new GptBigCode(),
        new SantaCoder(),
        new CodeGen(),
        new BioGpt(),
        new Xglm(),
        new OpenAiGpt(),
        new Llama(),
        new Mistral(),
        new Ministral3(),
        new Qwen(),
        new Qwen2(),
        new Qwen3(),
        new Mixtral(),
        new Qwen2Moe(),
        new Qwen3Moe(),
        new Olmoe(),
        new GraniteMoe(),
        new PhiMoe(),
        new Dots1(),
        new DeepSeekV2(),
        new DeepSeekV3(),
        new Glm4Moe(),
        new HunYuanMoe(),
        new GptOss(),
        new JetMoe(),
        new Llama4(),
        new SeedOss(),
        new Ernie45(),
        new Arcee(),
        new Helium(),
        new SmolLM3(),
        new Gemma(),
        new Gemma2(),
        new Gemma3(),
        new Gemma3Multimodal(),
        new Gemma3n(),
        new Gemma4(),
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
        new Bert(),
        new Roberta(),
        new DistilBert(),
        new Electra(),
        new Albert(),
        new DebertaV2(),
        new ModernBert(),
        new ModernBertDecoder(),
        new Mamba(),
        new FalconMamba(),
        new Mamba2(),
        new RecurrentGemma(),
        new Lfm2(),
        new T5(),
        new Bart(),
        new MBart(),
        new Pegasus(),
        new Qwen35(),
        new Qwen3Next(),
        new Neel(),
        new NeelSoluOld(),
        new MinGpt(),
        new NanoGpt(),
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
        if (OwnFormat.Named(json, source) is { } own)
        {
            return Find(own) ?? throw new ConfigException(source, ["architecture"], $"the architecture '{own}' is no format of its own that Fathom reads.{NearestNames.Clause(own, OwnFormat.Ids)} It reads {string.Join(", ", OwnFormat.Ids)}.");
        }

        var id = Named(json) ?? throw new ConfigException(source, ["architectures"], "the key 'architectures' is missing, so the kind of model is unknown. A Hugging Face config.json names its class there, e.g. [\"GPT2LMHeadModel\"]; one of TransformerLens has n_layers, d_model, n_heads, n_ctx and d_vocab.");
        var found = Find(id) ?? throw new ConfigException(source, ["architectures"], $"the architecture '{id}' is not one that Fathom computes.{NearestNames.Clause(id, Ids)} The {Ids.Count} it knows are listed in docs/models.md.");
        RequireType(json, source, id, found);
        return found;
    }

    /// <summary>Checks that <c>model_type</c>, which repeats the family in another spelling, does not name another one.</summary>
    private static void RequireType(JsonElement json, string source, string id, Architecture found)
    {
        var type = json.TryGetProperty("model_type", out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";
        if (type.Length == 0 || !type.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '.'))
        {
            throw new ConfigException(source, ["model_type"], type.Length == 0 ? "the key 'model_type' is missing; a Hugging Face config.json names its kind of model there." : "'model_type' holds characters that no name of a model has.");
        }

        if (Fits(id, type) || found.Ids.Any(i => Fits(i, type)))
        {
            return;
        }

        if (json.TryGetProperty("auto_map", out _))
        {
            throw new ConfigException(source, ["auto_map", "model_type"], $"'auto_map' asks for code of the repository and 'model_type' is '{type}', not {found.Family}'s; code from a checkpoint is never run.");
        }

        if (All.FirstOrDefault(a => a != found && a.Ids.Any(i => Fits(i, type))) is { } other)
        {
            throw new ConfigException(source, ["model_type", "architectures"], $"'model_type' is '{type}' ({other.Family}) and 'architectures' names {id} ({found.Family}); they disagree.");
        }
    }

    private static bool Fits(string id, string type) => Plain(id).StartsWith(Plain(type.Replace("_text", "", StringComparison.Ordinal)), StringComparison.Ordinal);

    private static string Plain(string name) => string.Concat(name.Where(char.IsLetterOrDigit)).ToLowerInvariant();

    /// <summary>The class name that a config.json carries, or the id of a format without class names; <see langword="null"/> if it has neither.</summary>
    public static string? Named(JsonElement json) => OwnFormat.Named(json, "") ?? Class(json);

    private static string? Class(JsonElement json) =>
        json.ValueKind == JsonValueKind.Object && json.TryGetProperty("architectures", out var list) && list.ValueKind == JsonValueKind.Array
        && list.GetArrayLength() > 0 && list[0].ValueKind == JsonValueKind.String ? list[0].GetString() : null;
}
