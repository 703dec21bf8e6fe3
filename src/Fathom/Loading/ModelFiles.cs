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

    /// <summary>Files that may hold their config themselves.</summary>
    private static readonly string[] BringTheirConfig = [".gguf", ".pt", ".pth", ".ckpt"];

    private static readonly string[] Extensions = [".safetensors", .. BringTheirConfig];

    /// <summary>What a user should know about how the files were found.</summary>
    public IReadOnlyList<string> Notices { get; init; } = [];

    /// <summary>Whether the folder holds a LoRA adapter rather than a model.</summary>
    public bool IsAdapter => Weights == Folder && File.Exists(Path.Combine(Folder, "adapter_config.json")) && !File.Exists(Path.Combine(Folder, "config.json"));

    /// <summary>Finds a model by name, hub id, GGUF file of a hub id, folder or file; a hub model that is not on this machine is fetched unless <c>HF_HUB_OFFLINE</c> forbids it.</summary>
    /// <exception cref="ModelNotFoundException">A path was meant and nothing is there, or a folder lacks its config.</exception>
    /// <exception cref="HubException">A name was meant; it is unknown or its files are not on this machine.</exception>
    public static ModelFiles Find(string nameOrPath, LoadOptions options)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(nameOrPath);
        if (nameOrPath == Embedded)
        {
            return InFolder(nameOrPath, Path.Combine(AppContext.BaseDirectory, "models", Embedded), null);
        }

        if (options.Checkpoint is not null && (Directory.Exists(nameOrPath) || File.Exists(nameOrPath)))
        {
            throw new ArgumentException($"'{nameOrPath}' is on disk, where one moment of training lies; LoadOptions.Checkpoint ({options.Checkpoint}) chooses among the revisions of a hub model. Leave it out, or name the hub model.", nameof(options));
        }

        if (Directory.Exists(nameOrPath))
        {
            return InFolder(nameOrPath, nameOrPath, null).Unversioned(options);
        }

        if (File.Exists(nameOrPath))
        {
            return new ModelFiles(nameOrPath, Path.GetDirectoryName(Path.GetFullPath(nameOrPath))!, nameOrPath, null).Unversioned(options);
        }

        // A folder of that name here means that a path was meant.
        if (GgufFile.TryParse(nameOrPath, out var gguf) && !Directory.Exists(gguf.RepoId.Split('/')[0]))
        {
            var here = options.Checkpoint is null ? Snapshot(gguf.RepoId, options.Revision, gguf.Selection, options.Hub ?? HubOptions.FromEnvironment(), options.Progress)
                : throw new ArgumentException($"'{nameOrPath}' is one file, in which one moment of training lies; leave LoadOptions.Checkpoint ({options.Checkpoint}) out.", nameof(options));
            return new(nameOrPath, here.Folder, here.File(GgufFile.PartsOf(gguf.Path)[0]).LocalPath, here.Commit);
        }

        if (LooksLikePath(nameOrPath))
        {
            throw new ModelNotFoundException(nameOrPath, $"there is no such file or folder (looked at {Path.GetFullPath(nameOrPath)}). A model folder holds config.json, weights and tokenizer.json; hub models go by a name such as 'gpt2' or 'EleutherAI/pythia-70m'.");
        }

        return OnHub(nameOrPath, options);
    }

    /// <summary>The folder with a repository's tokenizer; <see langword="null"/> if it is not on this machine and may not be fetched.</summary>
    /// <exception cref="HubException">It cannot be fetched.</exception>
    public static string? TokenizerOf(string repository, bool mayFetch, LoadOptions options)
    {
        var settings = options.Hub ?? HubOptions.FromEnvironment();
        var here = new HubCache(settings.CacheFolder).TryFind(repository, selection: FileSelection.Tokenizer);
        return here?.Files.Any(f => OpenedModel.Vocabularies.Contains(f.Path)) == true ? here.Folder
            : !mayFetch || settings.Offline ? null
            : Asked(settings, client => client.EnsureAsync(repository, null, FileSelection.Tokenizer, options.Progress is null ? null : new HubProgressText(options.Progress))).Folder;
    }

    /// <summary>Reads the config.</summary>
    /// <exception cref="ConfigException">It is no valid JSON.</exception>
    public System.Text.Json.JsonElement Config() => ConfigFile.Read(Path.Combine(Folder, "config.json"));

    private ModelFiles Unversioned(LoadOptions options) => options.Revision is null
        ? this
        : throw new ArgumentException($"LoadOptions.Revision is '{options.Revision}', and '{Name}' is on this machine's disk, where there is one version only. Leave the revision out, or load by the model's hub id.", nameof(options));

    private static ModelFiles OnHub(string name, LoadOptions options)
    {
        if (options is { Checkpoint: not null, Revision: not null })
        {
            throw new ArgumentException($"LoadOptions.Checkpoint ({options.Checkpoint}) and LoadOptions.Revision ('{options.Revision}') both choose the weights of '{name}'; give one of them.", nameof(options));
        }

        var settings = options.Hub ?? HubOptions.FromEnvironment();
        var saved = options.Checkpoint is { } moment ? Asked(settings, client => client.CheckpointsAsync(name)).At(moment) : null;
        var selection = saved?.File is { } file ? FileSelection.Configuration.And(file) : FileSelection.Model;
        var snapshot = Snapshot(name, saved is null ? options.Revision : saved.Revision, selection, settings, options.Progress);
        return new(name, snapshot.Folder, saved?.File is { } weights ? snapshot.File(weights).LocalPath : snapshot.Folder, snapshot.Commit) { Notices = snapshot.Notice is { } notice ? [notice] : [] };
    }

    private static HubSnapshot Snapshot(string name, string? revision, FileSelection selection, HubOptions settings, IProgress<string>? progress) =>
        new HubCache(settings.CacheFolder).TryFind(name, revision, selection) ?? Asked(settings, client => client.EnsureAsync(name, revision, selection, progress is null ? null : new HubProgressText(progress)));

    /// <summary>Asks the hub on a thread of the pool, so that a caller's synchronisation context cannot deadlock.</summary>
    private static T Asked<T>(HubOptions settings, Func<HubClient, Task<T>> ask)
    {
        using HubClient client = new(settings);
        return Task.Run(() => ask(client)).GetAwaiter().GetResult();
    }

    private static ModelFiles InFolder(string name, string folder, string? revision)
    {
        if (!File.Exists(Path.Combine(folder, "config.json")) && !File.Exists(Path.Combine(folder, "adapter_config.json")) && !(Directory.Exists(folder) && Directory.EnumerateFiles(folder).Any(f => BringTheirConfig.Contains(Path.GetExtension(f)))))
        {
            throw new ModelNotFoundException(name, Directory.Exists(folder)
                ? $"the folder {Path.GetFullPath(folder)} has no config.json, and no file that needs none (.gguf, nanoGPT's ckpt.pt). It holds {string.Join(", ", Directory.GetFiles(folder).Select(Path.GetFileName).Order().Take(5))}. Point to the folder that a checkpoint was saved to."
                : $"the folder {folder} is missing. It belongs beside the program; build or install it again.");
        }

        return new(name, folder, folder, revision);
    }

    private static bool LooksLikePath(string name) =>
        name.StartsWith('.') || name.StartsWith('~') || Path.IsPathRooted(name) || Extensions.Contains(Path.GetExtension(name).ToLowerInvariant()) || name.Count(c => c == '/') > 1;
}
