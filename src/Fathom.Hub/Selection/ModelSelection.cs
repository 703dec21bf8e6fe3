namespace Fathom.Hub.Selection;

/// <summary>What loading a model reads, and nothing else.</summary>
internal sealed record ModelSelection : FileSelection
{
    private static readonly string[] Indexed = ["model.safetensors.index.json", "pytorch_model.bin.index.json"];

    internal override Choice Choose(IReadOnlyCollection<string> paths)
    {
        var weights = Weights(paths);
        var isAdapter = weights is not null && weights.StartsWith("adapter_model.", StringComparison.Ordinal);
        var carriesConfig = weights is not null && weights.EndsWith(".gguf", StringComparison.OrdinalIgnoreCase);
        var config = isAdapter ? "adapter_config.json" : "config.json";
        var missing = new List<string>();
        if (!carriesConfig && !paths.Contains(config))
        {
            missing.Add(config);
        }

        if (weights is null)
        {
            missing.Add("model.safetensors");
        }

        var parts = weights is null ? [] : carriesConfig ? GgufFile.PartsOf(weights) : [weights];
        missing.AddRange(parts.Where(p => !paths.Contains(p)));
        var files = new[] { config, "generation_config.json" }.Where(paths.Contains).Concat(TokenizerFiles.In(paths)).Concat(parts);
        return new Choice([.. files], missing, Array.Find(Indexed, i => i == weights));
    }

    // Without a vocabulary the model may simply have none, or another program may have fetched the weights alone.
    internal override bool IsSurelyComplete(HubSnapshot snapshot) => base.IsSurelyComplete(snapshot)
        && (snapshot.TryFile("tokenizer.json") is not null || snapshot.TryFile("vocab.json") is not null || snapshot.TryFile("vocab.txt") is not null || snapshot.Files.Any(f => f.Path.EndsWith(".model", StringComparison.Ordinal)));

    /// <summary>The one weights file or index, in the order of preference; null when there is none or the choice is not ours.</summary>
    private static string? Weights(IReadOnlyCollection<string> paths)
    {
        foreach (var name in (string[])["model.safetensors", Indexed[0], "pytorch_model.bin", Indexed[1]])
        {
            if (paths.Contains(name))
            {
                return name;
            }
        }

        // TransformerLens's toy models keep the last step as ..._final.pth, beside a folder of earlier ones.
        var last = paths.Where(p => p.EndsWith("final.pth", StringComparison.Ordinal)).OrderBy(p => p.Count(c => c == '/')).ThenBy(p => p, StringComparer.Ordinal).FirstOrDefault();
        return last
            ?? Array.Find(["adapter_model.safetensors", "adapter_model.bin"], n => paths.Contains(n) && paths.Contains("adapter_config.json"))
            ?? Single(paths, ".safetensors") ?? Single(paths, ".pth") ?? Single(paths, ".pt") ?? Single(paths, ".bin") ?? Single(paths, ".gguf");
    }

    private static string? Single(IReadOnlyCollection<string> paths, string extension)
    {
        var found = paths.Where(p => !p.Contains('/', StringComparison.Ordinal) && p.EndsWith(extension, StringComparison.OrdinalIgnoreCase)
            && p is not "training_args.bin" and not "optimizer.pt" and not "scheduler.pt").DistinctBy(p => GgufFile.PartsOf(p)[0]).Take(2).ToArray();
        return found.Length == 1 ? found[0] : null;
    }
}
