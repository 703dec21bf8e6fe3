using System.Globalization;
using System.Text.RegularExpressions;

namespace Fathom.Hub;

/// <summary>The moments of a training run that were saved and published, in the order of training.</summary>
/// <remarks>
/// Pythia keeps them as revisions <c>step{n}</c>, Stanford's GPT-2 runs as <c>checkpoint-{n}</c>, the toy models of TransformerLens as
/// files <c>checkpoints/..._{n}.pth</c>. Source: Biderman et al. 2023 (arXiv:2304.01373) §2.1 for Pythia's schedule.
/// </remarks>
public sealed partial class CheckpointList
{
    private const string Stanford = "stanford-crfm/", Pythia = "EleutherAI/pythia";

    private readonly string _repoId;
    private readonly Func<long, SavedCheckpoint> _locate;

    private CheckpointList(string repoId, string unit, IReadOnlyList<long> values, Func<long, (string? Revision, string? File)> locate)
    {
        _repoId = repoId;
        Unit = unit;
        Values = values;
        _locate = value => new SavedCheckpoint(value, unit, values.ToList().IndexOf(value), locate(value).Revision, locate(value).File);
    }

    /// <summary>What the values count: <c>step</c> or <c>token</c>.</summary>
    public string Unit { get; }

    /// <summary>Steps or tokens of training, ascending.</summary>
    public IReadOnlyList<long> Values { get; }

    /// <summary>The published checkpoints of a run whose schedule is known: Pythia's and Stanford's.</summary>
    /// <param name="nameOrRepoId">An official name, an alias or a hub id.</param>
    /// <exception cref="UnknownCheckpointException">The model has no known schedule.</exception>
    public static CheckpointList Of(string nameOrRepoId)
    {
        var repoId = ModelNames.Resolve(nameOrRepoId).RepoId;
        if (repoId.StartsWith(Stanford, StringComparison.Ordinal))
        {
            return new CheckpointList(repoId, "step", [.. Range(0, 10, 100), .. Range(100, 50, 2000), .. Range(2000, 100, 20_000), .. Range(20_000, 1000, 400_001)],
                n => (string.Create(CultureInfo.InvariantCulture, $"checkpoint-{n}"), null));
        }

        if (repoId.StartsWith(Pythia, StringComparison.Ordinal))
        {
            long[] early = repoId.Contains("-v0", StringComparison.Ordinal) ? [] : [0, .. Enumerable.Range(0, 10).Select(i => 1L << i)];
            return new CheckpointList(repoId, "step", [.. early, .. Range(1000, 1000, 143_001)], n => (string.Create(CultureInfo.InvariantCulture, $"step{n}"), null));
        }

        throw new UnknownCheckpointException(repoId, null, [],
            "Checkpoints are known for the Pythia models (pythia-70m, ...) and Stanford's GPT-2 runs (stanford-gpt2-small-a, ...), and for the toys that keep them as files (solu-1l, ...; HubClient.CheckpointsAsync); for another repository name the revision itself.");
    }

    /// <summary>Whether a repository's moments follow a known schedule.</summary>
    internal static bool HasSchedule(string repoId) => repoId.StartsWith(Stanford, StringComparison.Ordinal) || repoId.StartsWith(Pythia, StringComparison.Ordinal);

    /// <summary>The checkpoints that a repository keeps as files <c>checkpoints/..._{n}.pth</c>.</summary>
    /// <param name="repoId">The repository.</param>
    /// <param name="files">The names of its files.</param>
    /// <exception cref="UnknownCheckpointException">No file is a checkpoint, or two are the same moment.</exception>
    public static CheckpointList FromFiles(string repoId, IEnumerable<string> files)
    {
        var byValue = new SortedDictionary<long, string>();
        foreach (var file in files)
        {
            if (NumberedFile().Match(file) is { Success: true } match && long.TryParse(match.Groups[1].Value, CultureInfo.InvariantCulture, out var value) && !byValue.TryAdd(value, file))
            {
                throw new UnknownCheckpointException(repoId, null, [], $"The files {Quoted.Text(byValue[value])} and {Quoted.Text(file)} both claim {value}; name the file itself.");
            }
        }

        if (byValue.Count == 0)
        {
            throw new UnknownCheckpointException(repoId, null, [], "It has no files checkpoints/..._{n}.pth.");
        }

        // The runs that count tokens end in the billions, those that count steps do not get there.
        return new CheckpointList(repoId, byValue.Keys.Last() > 1_000_000_000 ? "token" : "step", [.. byValue.Keys], n => (null, byValue[n]));
    }

    /// <summary>Where the weights of <paramref name="checkpoint"/> are.</summary>
    /// <param name="checkpoint">The moment that is wanted.</param>
    /// <exception cref="UnknownCheckpointException">The run saved no such moment; the message names the nearest.</exception>
    public SavedCheckpoint At(Checkpoint checkpoint)
    {
        ArgumentNullException.ThrowIfNull(checkpoint);
        if (checkpoint.Kind == "index")
        {
            var position = checkpoint.Number < 0 ? checkpoint.Number + Values.Count : checkpoint.Number;
            return position >= 0 && position < Values.Count ? _locate(Values[(int)position])
                : throw new UnknownCheckpointException(_repoId, checkpoint.ToString(), [], $"It has {Values.Count} checkpoints: indices 0 to {Values.Count - 1}, or -{Values.Count} to -1 from the end.");
        }

        if (checkpoint.Kind is "step" or "token" && checkpoint.Kind != Unit)
        {
            throw new UnknownCheckpointException(_repoId, checkpoint.ToString(), [], $"This run counts {Unit}s, not {checkpoint.Kind}s.");
        }

        var match = checkpoint.Kind == "label" ? LabelNumber().Match(checkpoint.Text) : null;
        long? value = match is null ? checkpoint.Number : match.Success && long.TryParse(match.Groups[1].Value, CultureInfo.InvariantCulture, out var n) ? n : null;
        if (value is { } wanted && Values.Contains(wanted) && _locate(wanted) is var found && (match is null || Names(found, checkpoint.Text)))
        {
            return found;
        }

        var near = Values.OrderBy(v => Math.Abs((decimal)v - (value ?? 0))).Take(3).Order().ToArray();
        throw new UnknownCheckpointException(_repoId, checkpoint.ToString(), near, $"The nearest {Unit}s are {string.Join(", ", near)} ({Values.Count} from {Values[0]} to {Values[^1]}; label e.g. '{_locate(near[0]).Revision ?? _locate(near[0]).File}').");
    }

    private static bool Names(SavedCheckpoint found, string label) => label.Equals(found.Revision ?? found.File, StringComparison.OrdinalIgnoreCase);

    private static IEnumerable<long> Range(long from, long by, long below)
    {
        for (var value = from; value < below; value += by)
        {
            yield return value;
        }
    }

    [GeneratedRegex(@"\Acheckpoints/(?:.*_)?([0-9]{1,15})\.pth\z", RegexOptions.CultureInvariant)]
    private static partial Regex NumberedFile();

    [GeneratedRegex(@"([0-9]{1,15})(?:\.pth)?\z", RegexOptions.CultureInvariant)]
    private static partial Regex LabelNumber();
}
