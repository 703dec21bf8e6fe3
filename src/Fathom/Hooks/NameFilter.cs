using System.Text.RegularExpressions;

namespace Fathom.Hooks;

/// <summary>Chooses hook points by name: one name, a glob (<c>blocks.*.hook_resid_pre</c>), a list of either, or a predicate.</summary>
/// <remarks>A name or glob that matches nothing is an error with the nearest names, never an empty result.</remarks>
public sealed class NameFilter
{
    private readonly Func<string, bool>? _predicate;
    private readonly IReadOnlyList<string> _patterns;

    private NameFilter(IReadOnlyList<string> patterns, Func<string, bool>? predicate)
    {
        _patterns = patterns;
        _predicate = predicate;
    }

    /// <summary>Every point that fires by itself (optional points are left out).</summary>
    public static NameFilter All { get; } = new([], null);

    /// <summary>One name or glob.</summary>
    public static implicit operator NameFilter(string pattern) => new([pattern], null);

    /// <summary>Several names or globs.</summary>
    public static implicit operator NameFilter(string[] patterns) => new(patterns, null);

    /// <summary>Several names or globs.</summary>
    public static implicit operator NameFilter(List<string> patterns) => new([.. patterns ?? []], null);

    /// <summary>Names for which <paramref name="predicate"/> is true.</summary>
    public static implicit operator NameFilter(Func<string, bool> predicate) => new([], predicate);

    /// <summary>Names for which <paramref name="predicate"/> is true.</summary>
    public static NameFilter Where(Func<string, bool> predicate) => new([], predicate);

    /// <summary>Finds the points this filter chooses, in the order of <paramref name="points"/>.</summary>
    /// <param name="points">The points of a model.</param>
    /// <exception cref="UnknownHookException">A name or glob matches nothing, or the predicate accepts nothing.</exception>
    public IReadOnlyList<HookPoint> Resolve(IReadOnlyList<HookPoint> points)
    {
        ArgumentNullException.ThrowIfNull(points);
        if (_predicate is { } accepts)
        {
            List<HookPoint> accepted = [.. points.Where(p => accepts(p.Name))];
            return accepted.Count > 0 ? accepted : throw new UnknownHookException("(a predicate)", [.. points.Select(p => p.Name)]);
        }

        if (_patterns.Count == 0 && ReferenceEquals(this, All))
        {
            return [.. points.Where(p => !p.IsOptional)];
        }

        HashSet<HookPoint> chosen = [];
        foreach (var pattern in _patterns)
        {
            var matched = Matching(pattern, points).ToList();
            if (matched.Count == 0)
            {
                throw new UnknownHookException(pattern, [.. points.Select(p => p.Name)]);
            }

            chosen.UnionWith(matched);
        }

        return [.. points.Where(chosen.Contains)];
    }

    /// <summary>The points that this filter names one by one, by full name or short form.</summary>
    internal IReadOnlyList<HookPoint> Named(IReadOnlyList<HookPoint> points)
    {
        HashSet<string> names = [.. _patterns.Select(ActivationName.Expand)];
        return names.Count == 0 ? [] : [.. points.Where(p => names.Contains(p.Name))];
    }

    private static IEnumerable<HookPoint> Matching(string pattern, IReadOnlyList<HookPoint> points)
    {
        var name = ActivationName.Expand(pattern);
        if (!name.AsSpan().ContainsAny('*', '?'))
        {
            return points.Where(p => p.Name == name);
        }

        Regex glob = new($"^{Regex.Escape(name).Replace("\\*", ".*", StringComparison.Ordinal).Replace("\\?", ".", StringComparison.Ordinal)}$", RegexOptions.NonBacktracking);
        return points.Where(p => glob.IsMatch(p.Name));
    }
}
