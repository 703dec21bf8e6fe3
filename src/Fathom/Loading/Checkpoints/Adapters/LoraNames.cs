namespace Fathom.Loading.Checkpoints.Adapters;

/// <summary>Sorts the tensors of an adapter into factors and replaced weights; each must have a meaning.</summary>
internal static class LoraNames
{
    private const string A = ".lora_A.weight", B = ".lora_B.weight", EmbeddingA = ".lora_embedding_A", EmbeddingB = ".lora_embedding_B", Magnitude = ".lora_magnitude_vector";

    public static (IReadOnlyDictionary<string, LoraModule> Modules, IReadOnlyDictionary<string, string> Replacements) Sort(string folder, LoraConfig config, Checkpoint tensors, string prefix)
    {
        OrderedDictionary<string, LoraModule> modules = new(StringComparer.Ordinal);
        Dictionary<string, string> replacements = new(StringComparer.Ordinal);
        HashSet<string> used = new(StringComparer.Ordinal);
        foreach (var name in tensors.Tensors.Keys)
        {
            if (!name.StartsWith(prefix, StringComparison.Ordinal))
            {
                throw new InvalidCheckpointException(folder, $"the adapter's tensor '{name}' does not begin with '{prefix}', as PEFT names them.");
            }

            var inner = name[prefix.Length..];
            if (Stem(inner, A) is { } linear)
            {
                Add(linear, name, prefix + linear + B, config.FanInFanOut);
            }
            else if (Stem(inner, EmbeddingA) is { } embedding)
            {
                Add(embedding, name, prefix + embedding + EmbeddingB, transposed: true);
            }
        }

        foreach (var name in tensors.Tensors.Keys.Where(n => !used.Contains(n)))
        {
            var inner = name[prefix.Length..];
            if (inner.Contains(".lora_", StringComparison.Ordinal))
            {
                throw new InvalidCheckpointException(folder, $"the adapter's tensor '{name}' has no partner or no known meaning (lora_A and lora_B, lora_embedding_A and _B, lora_magnitude_vector are read).");
            }

            replacements.Add(inner.Replace(".base_layer.", ".", StringComparison.Ordinal).Replace(".modules_to_save.default.", ".", StringComparison.Ordinal), name);
        }

        return (modules, replacements);

        void Add(string module, string a, string b, bool transposed)
        {
            var (rank, scaling) = config.Of(module);
            if (!tensors.Tensors.TryGetValue(b, out var storedB) || tensors.Tensors[a].Shape is not [var rows, _] || storedB.Shape is not [_, var columns] || rows != rank || columns != rank)
            {
                throw new InvalidCheckpointException(folder, $"the factors of '{module}' must be [{rank}, in] and [out, {rank}], as the config's rank says; found [{string.Join(", ", tensors.Tensors[a].Shape)}] and {(storedB is null ? "nothing" : $"[{string.Join(", ", storedB.Shape)}]")}.");
            }

            var magnitude = new[] { prefix + module + Magnitude, prefix + module + Magnitude + ".weight" }.FirstOrDefault(tensors.Tensors.ContainsKey);
            if (config.IsDora != magnitude is not null || (config.IsDora && transposed))
            {
                throw new InvalidCheckpointException(folder, $"'{module}' {(transposed && config.IsDora ? "is a DoRA change of an embedding or of a model with fan_in_fan_out, which is not read" : config.IsDora ? "lacks the lora_magnitude_vector of DoRA" : "has a lora_magnitude_vector although use_dora is off")}.");
            }

            modules.Add(module + ".weight", new(module + ".weight", a, b, rank, scaling, transposed, magnitude));
            used.UnionWith([a, b]);
            if (magnitude is not null)
            {
                used.Add(magnitude);
            }
        }
    }

    private static string? Stem(string name, string suffix) => name.EndsWith(suffix, StringComparison.Ordinal) ? name[..^suffix.Length] : null;
}
