using Fathom.Architectures;
using Fathom.Hub;

namespace Fathom.Loading;

/// <summary>Where a model's files are on this machine.</summary>
/// <param name="Name">What was asked for.</param>
/// <param name="Folder">The folder that holds config.json and tokenizer files.</param>
/// <param name="Weights">The file or folder to open as a checkpoint.</param>
/// <param name="Revision">The commit, for a hub snapshot.</param>
internal sealed record ModelFiles(string Name, string Folder, string Weights, string? Revision)
{
    /// <summary>The name of the embedded model.</summary>
    public const string Embedded = "names-4l";

    /// <summary>Finds a model by name, hub id, folder or file, without the network.</summary>
    /// <exception cref="ModelNotFoundException">A path was meant and nothing is there, or a folder lacks its config.</exception>
    /// <exception cref="HubException">A name was meant; it is unknown or its files are not on this machine.</exception>
    public static ModelFiles Find(string nameOrPath, string? revision)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(nameOrPath);
        if (nameOrPath == Embedded)
        {
            return InFolder(nameOrPath, Path.Combine(AppContext.BaseDirectory, "models", Embedded), null);
        }

        if (Directory.Exists(nameOrPath))
        {
            return InFolder(nameOrPath, nameOrPath, null);
        }

        if (File.Exists(nameOrPath))
        {
            return new(nameOrPath, Path.GetDirectoryName(Path.GetFullPath(nameOrPath))!, nameOrPath, null);
        }

        if (LooksLikePath(nameOrPath))
        {
            throw new ModelNotFoundException(nameOrPath, $"there is no such file or folder (looked at {Path.GetFullPath(nameOrPath)}). A model folder holds config.json, weights and tokenizer.json; hub models go by a name such as 'gpt2' or 'EleutherAI/pythia-70m'.");
        }

        var snapshot = HubCache.Default.Find(nameOrPath, revision, FileSelection.Model);
        return new(nameOrPath, snapshot.Folder, snapshot.Folder, snapshot.Commit);
    }

    /// <summary>Reads the config.</summary>
    /// <exception cref="ConfigException">It is no valid JSON.</exception>
    public System.Text.Json.JsonElement Config() => ConfigFile.Read(Path.Combine(Folder, "config.json"));

    private static ModelFiles InFolder(string name, string folder, string? revision)
    {
        if (!File.Exists(Path.Combine(folder, "config.json")))
        {
            throw new ModelNotFoundException(name, Directory.Exists(folder)
                ? $"the folder {Path.GetFullPath(folder)} has no config.json. It holds {string.Join(", ", Directory.GetFiles(folder).Select(Path.GetFileName).Order().Take(5))}. Point to the folder that a checkpoint was saved to."
                : $"the folder {folder} is missing. It belongs beside the program; build or install it again.");
        }

        return new(name, folder, folder, revision);
    }

    private static bool LooksLikePath(string name) =>
        name.StartsWith('.') || name.StartsWith('~') || Path.IsPathRooted(name) || name.EndsWith(".gguf", StringComparison.OrdinalIgnoreCase) || name.EndsWith(".safetensors", StringComparison.OrdinalIgnoreCase) || name.Count(c => c == '/') > 1;
}
