using Fathom.Tensors;

namespace Fathom.Patching;

/// <summary>Places of a model: a site, the axes that go one by one, and the indices that are meant on the others.</summary>
/// <remarks>Axes that are not in <see cref="Over"/> are taken together: at the chosen indices, or as a whole.</remarks>
public sealed record Places
{
    /// <summary>The site.</summary>
    public required Site Site { get; init; }

    /// <summary>The axes that go one by one: one place per combination. None: everything chosen is one place.</summary>
    public IReadOnlyList<Axis> Over { get; init; } = [];

    /// <summary>The layers meant (rows, for <see cref="Site.ResidualStream"/>); <see langword="null"/> for all. Negative indices count from the end.</summary>
    public IReadOnlyList<int>? Layers { get; init; }

    /// <summary>The positions meant (of queries, for scores and patterns); <see langword="null"/> for all.</summary>
    public IReadOnlyList<int>? Positions { get; init; }

    /// <summary>The heads meant (key-value heads where the site has those); <see langword="null"/> for all.</summary>
    public IReadOnlyList<int>? Heads { get; init; }

    /// <summary>The key positions meant, for scores and patterns; <see langword="null"/> for all.</summary>
    public IReadOnlyList<int>? Sources { get; init; }

    /// <summary>The neurons meant; <see langword="null"/> for all.</summary>
    public IReadOnlyList<int>? Neurons { get; init; }

    /// <summary>Places of a site, one by one along some axes.</summary>
    /// <param name="site">The site.</param>
    /// <param name="over">The axes.</param>
    public static Places Of(Site site, params IReadOnlyList<Axis> over) => new() { Site = site, Over = over };

    /// <inheritdoc/>
    public bool Equals(Places? other) => other is not null && Site == other.Site && Over.SequenceEqual(other.Over) && Same(Layers, other.Layers)
        && Same(Positions, other.Positions) && Same(Heads, other.Heads) && Same(Sources, other.Sources) && Same(Neurons, other.Neurons);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Site, Over.Count);

    /// <inheritdoc/>
    public override string ToString() => Over.Count == 0 ? Site.Name : $"{Site} over {string.Join(" x ", Over)}";

    private static bool Same(IReadOnlyList<int>? a, IReadOnlyList<int>? b) => a is null ? b is null : b is not null && a.SequenceEqual(b);
}
