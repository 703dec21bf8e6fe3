using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Fathom.Architectures;
using Fathom.Loading.Checkpoints;
using Fathom.Loading.Checkpoints.Torch;

namespace Fathom.Loading;

/// <summary>What minGPT and nanoGPT save: sizes are read from the tensors, the rest from what lies in the file or beside it.</summary>
/// <param name="Config">A config in the words of these projects.</param>
/// <param name="Checkpoint">The weights under their plain names.</param>
/// <param name="Notices">What a user should know.</param>
internal sealed record GptCheckpoint(JsonElement Config, Checkpoint Checkpoint, IReadOnlyList<string> Notices)
{
    /// <summary>What wrappers of a model in training put before its tensors' names.</summary>
    private static readonly string[] Wrappers = ["_orig_mod.", "module."];

    /// <summary>The heads of minGPT's named sizes, which its configs leave out.</summary>
    private static readonly Dictionary<string, int> Heads = new(StringComparer.Ordinal)
    {
        ["openai-gpt"] = 12, ["gpt2"] = 12, ["gpt2-medium"] = 16, ["gpt2-large"] = 20, ["gpt2-xl"] = 25, ["gopher-44m"] = 16, ["gpt-mini"] = 6, ["gpt-micro"] = 4, ["gpt-nano"] = 3,
    };

    /// <summary>Recognises such a file; <see langword="null"/> for any other.</summary>
    /// <param name="stored">The opened file.</param>
    /// <param name="config">The config.json beside it, if there is one.</param>
    /// <param name="source">Where the config is, or would be.</param>
    /// <exception cref="ConfigException">The number of heads, or which of the two projects it is, cannot be known.</exception>
    public static GptCheckpoint? TryRead(Checkpoint stored, JsonElement? config, string source)
    {
        if (stored is not TorchCheckpoint || (config is { } other && (other.ValueKind != JsonValueKind.Object || other.TryGetProperty("architectures", out _) || other.TryGetProperty("d_model", out _))))
        {
            return null;
        }

        if (stored.Metadata.Keys.Any(k => k.StartsWith("model_args/", StringComparison.Ordinal)))
        {
            return Nano(stored, config, source);
        }

        var plain = Unwrapped(stored, "");
        var isLater = plain.Tensors.TryGetValue("transformer.h.0.attn.c_attn.weight", out var fused) && fused.Shape is [var rows, var columns] && rows == 3 * columns;
        return isLater ? Bare(plain, config, source, "transformer.wte.weight", "transformer.wpe.weight", "transformer.h.")
            : plain.Tensors.ContainsKey("blocks.0.attn.query.weight") && plain.Tensors.ContainsKey("tok_emb.weight") ? Bare(plain, config, source, "tok_emb.weight", "pos_emb", "blocks.")
            : null;
    }

    /// <summary>nanoGPT's <c>ckpt.pt</c>: the model, its arguments, and the optimiser's state, which is left alone.</summary>
    private static GptCheckpoint Nano(Checkpoint stored, JsonElement? config, string source)
    {
        if (!stored.Tensors.Keys.Any(n => n.StartsWith("model/", StringComparison.Ordinal)))
        {
            throw new InvalidCheckpointException(stored.Source, "the file has nanoGPT's model_args and no tensors under 'model', so there are no weights in it.");
        }

        JsonObject settings = new() { ["architecture"] = "nanogpt" };
        foreach (var (key, text) in stored.Metadata.Where(m => m.Key.StartsWith("model_args/", StringComparison.Ordinal)))
        {
            settings[key["model_args/".Length..]] = Value(text);
        }

        foreach (var own in config?.EnumerateObject().AsEnumerable() ?? [])
        {
            if (settings[own.Name] is { } stated && stated.ToJsonString() != own.Value.GetRawText())
            {
                throw new ConfigException(source, [own.Name], $"'{own.Name}' is {own.Value.GetRawText()}, and {stored.Source} was saved with {stated.ToJsonString()}. Leave the key out.");
            }

            settings[own.Name] = JsonNode.Parse(own.Value.GetRawText());
        }

        var at = stored.Metadata.GetValueOrDefault("iter_num");
        return new(Parsed(settings), Unwrapped(stored, "model/"), [$"nanoGPT's checkpoint{(at is null ? "" : $" after {at} iterations")}: the model is read, the optimiser's state is not."]);
    }

    /// <summary>A state dict without any settings: <c>model.pt</c> of minGPT, or what <c>torch.save(model.state_dict())</c> writes.</summary>
    private static GptCheckpoint Bare(Checkpoint plain, JsonElement? config, string source, string words, string positions, string layer)
    {
        if (config is not { } given)
        {
            throw new ConfigException(source, ["n_head"], $"{plain.Source} holds a GPT's weights alone: the number of heads is not in it, nor whether minGPT or nanoGPT trained it (their GELUs differ). Put a config.json beside it: {{\"architecture\": \"mingpt\", \"n_head\": 6}}, with \"nanogpt\" and the right number where they apply.");
        }

        // minGPT's own config.json has the model's part in a section; a named size stands for its heads.
        JsonObject settings = [];
        var isOwn = given.TryGetProperty("model", out var section) && section.ValueKind == JsonValueKind.Object;
        foreach (var key in (isOwn ? section : given).EnumerateObject().Where(p => p.Value.ValueKind != JsonValueKind.Null && !(isOwn && p.Name.EndsWith("_pdrop", StringComparison.Ordinal))))
        {
            settings[key.Name] = JsonNode.Parse(key.Value.GetRawText());
        }

        if (isOwn)
        {
            settings["architecture"] = "mingpt";
        }

        if (settings["architecture"] is null)
        {
            throw new ConfigException(source, ["architecture"], $"the key 'architecture' is missing: \"mingpt\" or \"nanogpt\" (their GELUs differ) says which project trained {plain.Source}.");
        }

        if (settings["n_head"] is null)
        {
            var size = settings["model_type"]?.ToString() ?? "";
            settings["n_head"] = Heads.TryGetValue(size, out var heads) ? heads : throw new ConfigException(source, ["n_head"], $"the key 'n_head' is missing, and the weights do not tell the number of heads.{(size.Length == 0 ? "" : $" The size '{size}' is none of minGPT's: {string.Join(", ", Heads.Keys)}.")} Put \"n_head\" into {source}.");
        }

        var (embedding, table) = (plain.Tensors.TryGetValue(words, out var known) ? known.Shape : throw new InvalidCheckpointException(plain.Source, $"the file looks like a GPT's weights and has no '{words}'."), plain.Tensors.TryGetValue(positions, out var stored) ? stored.Shape : []);
        Fill("vocab_size", embedding.Count == 2 ? embedding[0] : 0);
        Fill("n_embd", embedding.Count == 2 ? embedding[1] : 0);
        Fill("block_size", table.Count >= 2 ? table[^2] : 0);
        Fill("n_layer", plain.Tensors.Keys.Where(n => n.StartsWith(layer, StringComparison.Ordinal)).Select(n => n[layer.Length..].Split('.')[0]).Distinct().Count());
        settings["bias"] ??= plain.Tensors.ContainsKey($"{layer}0.{(layer == "blocks." ? "ln1" : "ln_1")}.bias");
        return new(Parsed(settings), plain, []);

        void Fill(string key, long size) => settings[key] ??= size;
    }

    /// <summary>The tensors under a prefix, without what a wrapper put before their names.</summary>
    private static Checkpoint Unwrapped(Checkpoint stored, string prefix)
    {
        var inside = stored.Tensors.Keys.Where(n => n.StartsWith(prefix, StringComparison.Ordinal)).ToList();
        var wrapped = Wrappers.FirstOrDefault(w => inside.All(n => n.AsSpan(prefix.Length).StartsWith(w))) is { } wrapper ? prefix + wrapper : prefix;
        return wrapped.Length == 0 || inside.Count == 0 ? stored : stored.Under(wrapped);
    }

    private static JsonNode? Value(string text) => text switch
    {
        "True" or "False" => text == "True",
        _ when long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) => number,
        _ when double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var real) && double.IsFinite(real) => real,
        _ => text,
    };

    private static JsonElement Parsed(JsonObject settings) => JsonSerializer.SerializeToElement(settings);
}
