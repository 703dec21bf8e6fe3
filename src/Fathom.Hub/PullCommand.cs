using Fathom.Hub.Selection;

namespace Fathom.Hub;

/// <summary>The command line that fetches a model, as every message writes it.</summary>
internal static class PullCommand
{
    private static readonly string[] Weights = [".safetensors", ".bin", ".pth", ".pt", ".gguf", ".index.json"];

    /// <summary>The command for a model's files, or for all of the repository's where a missing one is none of those.</summary>
    public static string For(string repoId, string? revision, params IReadOnlyList<string> missing) =>
        $"fathom models pull {repoId}{(missing is [var file, ..] && file.EndsWith(".gguf", StringComparison.OrdinalIgnoreCase) ? $"/{file}" : "")}" + (revision is null or RevisionName.Default ? "" : $" --revision {revision}") + (missing.All(IsPartOfModel) ? "" : " --files all");

    private static bool IsPartOfModel(string file) => file is "config.json" or "generation_config.json" or "adapter_config.json" || TokenizerFiles.All.Contains(file)
        || file.EndsWith(".gguf", StringComparison.OrdinalIgnoreCase) || (!file.Contains('/', StringComparison.Ordinal) && Weights.Any(w => file.EndsWith(w, StringComparison.OrdinalIgnoreCase)));
}
