using System.Diagnostics.CodeAnalysis;

namespace Fathom.Hub;

/// <summary>Turns a name, an alias or a hub id into a repository.</summary>
public static class ModelNames
{
    private static readonly Lazy<Dictionary<string, (string RepoId, OfficialModel Model)>> ByName = new(Index);

    /// <summary>Resolves an official name or an alias in any letter case; any other <c>owner/name</c> goes as it is.</summary>
    /// <param name="name">What the user typed, e.g. <c>gpt2-small</c>, <c>Pythia-70M</c> or <c>HuggingFaceTB/SmolLM2-135M</c>.</param>
    /// <exception cref="UnknownModelException">The name is neither known nor of the form <c>owner/name</c>; the message names the nearest.</exception>
    public static ModelName Resolve(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return TryResolve(name, out var resolved) ? resolved : throw new UnknownModelException(name, Nearest(name));
    }

    /// <summary>As <see cref="Resolve"/>, without an exception.</summary>
    /// <param name="name">What the user typed.</param>
    /// <param name="resolved">The repository, when the result is true.</param>
    public static bool TryResolve(string name, [NotNullWhen(true)] out ModelName? resolved)
    {
        ArgumentNullException.ThrowIfNull(name);
        var trimmed = name.Trim();
        resolved = ByName.Value.TryGetValue(trimmed, out var known) ? new ModelName(name, known.RepoId, known.Model)
            : trimmed.Contains('/', StringComparison.Ordinal) && RepositoryId.Fault(trimmed) is null ? new ModelName(name, trimmed, null)
            : null;
        return resolved is not null;
    }

    /// <summary>The known names that look most like <paramref name="name"/>, the likeliest first.</summary>
    /// <param name="name">What the user typed.</param>
    /// <param name="count">How many at most.</param>
    public static IReadOnlyList<string> Nearest(string name, int count = 3)
    {
        ArgumentNullException.ThrowIfNull(name);
        return NearestNames.Of(name, OfficialModels.All.SelectMany(m => m.Aliases.Prepend(m.Name).Select(n => (n, m.Name))), count);
    }

    private static Dictionary<string, (string RepoId, OfficialModel Model)> Index()
    {
        var index = new Dictionary<string, (string, OfficialModel)>(StringComparer.OrdinalIgnoreCase);
        foreach (var model in OfficialModels.All)
        {
            index.Add(model.Name, (model.Name, model));
        }

        foreach (var model in OfficialModels.All)
        {
            foreach (var alias in model.Aliases)
            {
                index.TryAdd(alias, (model.Name, model));
            }

            if (MovedRepositories.NewName(model.Name) is { } moved)
            {
                index.TryAdd(moved, (moved, model));
            }
        }

        return index;
    }
}
