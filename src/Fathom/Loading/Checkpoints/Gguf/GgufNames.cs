using System.Globalization;
using System.Text.Json.Nodes;

namespace Fathom.Loading.Checkpoints.Gguf;

/// <summary>Presents a GGUF file as a Hugging Face checkpoint, so that the ordinary architecture catalogue can load it.</summary>
public static class GgufNames
{
    private static readonly GgufArchitecture[] Catalogue = [.. GgufLlamaFamilies.All, .. GgufGptFamilies.All];

    /// <summary>Tensors that converters wrote and no model uses.</summary>
    private static readonly string[] DeadWeights = ["attn_rot_embd", "rotary_emb.inv_freq", "attn.masked_bias"];

    /// <summary>The values of <c>general.architecture</c> that are translated.</summary>
    public static IReadOnlyList<string> Architectures { get; } = [.. Catalogue.Select(a => a.Name).Distinct().Order(StringComparer.Ordinal)];

    /// <summary>Translates names, values and metadata.</summary>
    /// <param name="file">The open file; the translation owns it from here on.</param>
    /// <returns>The Hugging Face view: a config.json, and a checkpoint under Hugging Face names.</returns>
    /// <exception cref="InvalidCheckpointException">The architecture is unknown, a tensor or key has no meaning in it, or numbers and shapes contradict each other.</exception>
    public static GgufTranslation Translate(GgufCheckpoint file)
    {
        ArgumentNullException.ThrowIfNull(file);
        var name = file.Gguf.Text("general.architecture") ?? throw new InvalidCheckpointException(file.Source, "metadata key 'general.architecture' is missing.");
        var architecture = Array.Find(Catalogue, a => a.Name == name && (a.When is null || file.Tensors.ContainsKey(a.When)))
            ?? throw new InvalidCheckpointException(file.Source, $"the architecture '{name}' is not translated. Known are: {string.Join(", ", Architectures)}.");
        GgufHyperparameters hyperparameters = new(file, name);
        var tensors = Map(file, architecture);
        JsonObject config = new() { ["architectures"] = new JsonArray(architecture.HuggingFaceClass), ["model_type"] = architecture.ModelType };
        architecture.WriteConfig(hyperparameters, config);
        config["tie_word_embeddings"] = hyperparameters.Tied;
        config["vocab_size"] = hyperparameters.DVocab;
        SpecialTokens(file.Gguf, config);
        if (hyperparameters.Unread() is { Count: > 0 } unread)
        {
            throw new InvalidCheckpointException(file.Source, $"metadata keys that are not honoured for '{name}': {string.Join(", ", unread)}. Ignoring them could change the results.");
        }

        return new(config, new GgufHuggingFaceCheckpoint(file, tensors, hyperparameters), GgufRotary.Notices(hyperparameters, config));
    }

    /// <summary>Takes a tensor name apart: <c>blk.3.attn_q.weight</c> is layer 3, stem <c>attn_q</c>, suffix <c>.weight</c>.</summary>
    internal static (int? Layer, string Stem, string Suffix) Split(string name)
    {
        var dot = name.LastIndexOf('.');
        var (stem, suffix) = dot > 0 && name[dot..] is ".weight" or ".bias" ? (name[..dot], name[dot..]) : (name, "");
        if (!stem.StartsWith("blk.", StringComparison.Ordinal) || stem.IndexOf('.', 4) is not (> 4 and var end) ||
            !int.TryParse(stem.AsSpan(4, end - 4), NumberStyles.None, CultureInfo.InvariantCulture, out var layer))
        {
            return (null, stem, suffix);
        }

        return (layer, stem[(end + 1)..], suffix);
    }

    private static OrderedDictionary<string, GgufSlice> Map(GgufCheckpoint file, GgufArchitecture architecture)
    {
        OrderedDictionary<string, GgufSlice> tensors = new(StringComparer.Ordinal);
        foreach (var stored in file.Tensors.Values)
        {
            var (layer, stem, suffix) = Split(stored.Name);
            if (architecture.Find(stem, layer is not null) is not { } rule)
            {
                if (DeadWeights.Any(d => stored.Name.Contains(d, StringComparison.Ordinal)) || GgufRotary.IsFactorTensor(stored.Name))
                {
                    continue;
                }

                var known = (layer is null ? architecture.Outer : architecture.Layer).Select(r => r.Gguf);
                throw new InvalidCheckpointException(file.Source, $"tensor '{stored.Name}' has no meaning in a '{architecture.Name}' model. The nearest known: {NearestNames.List(stem, known)}.");
            }

            var name = rule.HuggingFace.Replace("{i}", $"{layer}", StringComparison.Ordinal) + suffix;
            var experts = rule.Undo == GgufChange.StackedExperts ? (int)stored.Shape[0] : 0;
            for (var e = 0; e < Math.Max(1, experts); e++)
            {
                tensors.Add(name.Replace("{e}", $"{e}", StringComparison.Ordinal), new(stored, rule.Undo, experts > 0 ? e : null));
            }
        }

        return tensors;
    }

    private static void SpecialTokens(GgufMetadata metadata, JsonObject config)
    {
        foreach (var (key, name) in new[] { ("bos", "bos_token_id"), ("eos", "eos_token_id"), ("padding", "pad_token_id") })
        {
            if (metadata.Integer($"tokenizer.ggml.{key}_token_id") is { } id)
            {
                config[name] = id;
            }
        }
    }
}
