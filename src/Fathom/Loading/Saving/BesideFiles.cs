using Fathom.Models;

namespace Fathom.Loading.Saving;

/// <summary>The files beside config and weights: the tokenizer's, and how to generate.</summary>
internal static class BesideFiles
{
    private const string Generation = "generation_config.json";

    private static readonly string[] OfTokenizer =
    [
        "tokenizer.json", "tokenizer_config.json", "special_tokens_map.json", "added_tokens.json", "vocab.json", "merges.txt", "vocab.txt",
        "tokenizer.model", "spiece.model", "sentencepiece.bpe.model", "source.spm", "target.spm", "chat_template.jinja", "chat_template.json",
    ];

    /// <summary>Whether a file may belong to a saved model, by its name.</summary>
    public static bool IsOfModel(string name) => name is "config.json" or Generation or "model.safetensors.index.json" or "README.md" or ".gitattributes"
        || name.EndsWith(".safetensors", StringComparison.Ordinal) || OfTokenizer.Contains(name);

    /// <summary>Copies the files that the model came with.</summary>
    /// <param name="origin">Where they are.</param>
    /// <param name="destination">An existing folder.</param>
    /// <returns>Their names.</returns>
    /// <exception cref="UnsavableModelException">A file is a link to somewhere else.</exception>
    public static IReadOnlyList<string> Copy(ModelOrigin origin, string destination) =>
    [
        .. origin.Folder is { } folder ? Copied(folder, Generation, destination) : [],
        .. origin.TokenizerFolder is { } tokenizer ? OfTokenizer.SelectMany(n => Copied(tokenizer, n, destination)) : [],
    ];

    private static IEnumerable<string> Copied(string folder, string name, string destination)
    {
        FileInfo file = new(Path.Combine(folder, name));
        if (!file.Exists)
        {
            return [];
        }

        // A snapshot of the hub cache is made of links to the blobs of its own repository; any other link leads out.
        if (file.ResolveLinkTarget(returnFinalTarget: true) is { } target && !IsBlobOf(folder, target.FullName))
        {
            throw new UnsavableModelException($"'{file.FullName}' is a link to {target.FullName}, outside the model's own files, and is not followed. Put the file itself there, or take it away.", [name]);
        }

        File.Copy(file.FullName, Path.Combine(destination, name));
        return [name];
    }

    private static bool IsBlobOf(string folder, string target)
    {
        var snapshot = new DirectoryInfo(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)));
        return snapshot.Parent is { Name: "snapshots", Parent: { } repository } && Path.GetDirectoryName(Path.GetFullPath(target)) == Path.Combine(repository.FullName, "blobs");
    }
}
