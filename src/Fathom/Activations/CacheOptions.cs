using Fathom.Hooks;
using Fathom.Models;
using Fathom.Tokenization;

namespace Fathom.Activations;

/// <summary>What a cached run keeps, and how it runs.</summary>
public sealed record CacheOptions
{
    /// <summary>Everything, on the model's device.</summary>
    public static CacheOptions Default { get; } = new();

    /// <summary>Which points are kept: a name, glob, list or predicate.</summary>
    public NameFilter Names { get; init; } = NameFilter.All;

    /// <summary>The positions kept, as a range over <c>pos</c> (over queries, for scores and patterns); <see langword="null"/> for all.</summary>
    public Range? Positions { get; init; }

    /// <summary>The device that kept activations are moved to, e.g. <c>cpu</c>; <see langword="null"/> to leave them.</summary>
    public string? Device { get; init; }

    /// <summary>A scalar whose gradient with respect to every kept activation is wanted, computed from the logits <c>[batch, pos, d_vocab]</c>.</summary>
    public Func<Tensor, Tensor>? GradientOf { get; init; }

    /// <summary>Further scalars of the same run, by a name of the caller's: <see cref="ActivationCache.GradientsOf"/> holds their gradients.</summary>
    public IReadOnlyDictionary<string, Func<Tensor, Tensor>> GradientsOf { get; init; } = new Dictionary<string, Func<Tensor, Tensor>>();

    /// <summary>
    /// Functions that are shown the gradient of each point on its way back from <see cref="GradientOf"/> (and from each of <see cref="GradientsOf"/>): what one returns flows on to earlier parts in its place.
    /// The cache's gradient of the point itself is the one that arrived.
    /// </summary>
    public IReadOnlyList<(NameFilter Points, HookFunction Function)> BackwardHooks { get; init; } = [];

    /// <summary>Whether texts get a beginning-of-sequence token; <see langword="null"/> for the model's default.</summary>
    public bool? PrependBos { get; init; }

    /// <summary>Where short texts are filled; <see langword="null"/> for the model's default.</summary>
    public Side? PaddingSide { get; init; }

    /// <summary>How the forward run itself differs from a plain one.</summary>
    public RunOptions Run { get; init; } = RunOptions.Default;
}
