using Fathom.Hub.Selection;

namespace Fathom.Hub;

/// <summary>Which files of a repository are wanted.</summary>
public abstract record FileSelection
{
    private protected FileSelection()
    {
    }

    /// <summary>What loading a model reads: <c>config.json</c>, one set of weights (safetensors where there are any) and the tokenizer.</summary>
    public static FileSelection Model { get; } = new ModelSelection();

    /// <summary>The tokenizer's files alone.</summary>
    public static FileSelection Tokenizer { get; } = new NamedSelection([], TokenizerFiles.All);

    /// <summary>The configuration and the tokenizer, without weights.</summary>
    public static FileSelection Configuration { get; } = new NamedSelection(["config.json"], ["generation_config.json", .. TokenizerFiles.All]);

    /// <summary>Every file of the repository.</summary>
    public static FileSelection All { get; } = new NamedSelection(["*"], []);

    /// <summary>The files of these names, each of which must match at least one file.</summary>
    /// <param name="patterns">Names in the repository; <c>*</c> stands for any characters, <c>/</c> included, <c>?</c> for one.</param>
    public static FileSelection Only(params IReadOnlyList<string> patterns) => new NamedSelection([.. patterns], []);

    /// <summary>These files and, on top, those of other names, each of which must match at least one file.</summary>
    /// <param name="patterns">As for <see cref="Only"/>.</param>
    public FileSelection And(params IReadOnlyList<string> patterns) => new UnionSelection(this, Only(patterns));

    /// <summary>Chooses among the names of a repository.</summary>
    internal abstract Choice Choose(IReadOnlyCollection<string> paths);

    /// <summary>The required files that a snapshot lacks.</summary>
    internal IReadOnlyList<string> MissingFrom(HubSnapshot snapshot)
    {
        var choice = Choose([.. snapshot.Files.Select(f => f.Path)]);
        var shards = choice.ShardIndex is { } index ? ShardIndex.Read(snapshot.File(index).LocalPath, index) : [];
        return [.. choice.Missing, .. shards.Where(s => snapshot.TryFile(s) is null)];
    }

    /// <summary>Whether a snapshot has all that the repository could offer to this selection, as far as that can be told without asking the hub.</summary>
    internal virtual bool IsSurelyComplete(HubSnapshot snapshot) => MissingFrom(snapshot).Count == 0;
}
