using Fathom.Hooks;

namespace Fathom.Models;

/// <summary>How one forward run differs from a plain one.</summary>
public sealed record RunOptions
{
    /// <summary>A plain run.</summary>
    public static RunOptions Default { get; } = new();

    /// <summary>Which tokens are real, <c>[batch, pos]</c>: 1 or true for real, 0 or false for padding. It counts also in the middle, and it is never guessed from ids. Positions count real tokens only.</summary>
    public Tensor? AttentionMask { get; init; }

    /// <summary>The position of each token, <c>[batch or 1, pos]</c>, int64; <see langword="null"/> to count real tokens from 0.</summary>
    public Tensor? PositionIds { get; init; }

    /// <summary>The type (segment) of each token, <c>[batch or 1, pos]</c>, int64, in models that have types; <see langword="null"/> for type 0 everywhere.</summary>
    public Tensor? TokenTypes { get; init; }

    /// <summary>The ids that the decoder of an encoder-decoder reads, <c>[batch, pos]</c> or <c>[pos]</c>, int64, the start token first; <see langword="null"/> for the start token alone. On a cache, those after what it holds.</summary>
    public Tensor? DecoderTokens { get; init; }

    /// <summary>Which of <see cref="DecoderTokens"/> are real, <c>[batch, pos]</c>: 1 or true for real, 0 or false for padding.</summary>
    public Tensor? DecoderMask { get; init; }

    /// <summary>Runs the blocks before this one only and returns the residual stream entering it; negative counts from the end, the number of blocks gives the final stream.</summary>
    public int? StopAtLayer { get; init; }

    /// <summary>What earlier runs left behind; this run's tokens follow those of the cache, which grows.</summary>
    public KeyValueCache? Cache { get; init; }

    /// <summary>Functions attached for this run only.</summary>
    public IReadOnlyList<(NameFilter Points, HookFunction Function)> Hooks { get; init; } = [];

    /// <summary>Whether <c>hook_k</c>, <c>hook_v</c> and <c>hook_rot_k</c> have one head for each query head where queries are grouped, a copy of the group's each: an edit then changes what one query head reads, and not its neighbours. Not together with a cache.</summary>
    public bool PerQueryHead { get; init; }

    /// <summary>Whether a gradient graph is built.</summary>
    internal bool WithGradients { get; init; }

    /// <summary>Whether an unfired hook of the run is an error even though only some layers run.</summary>
    internal IReadOnlyList<HookRegistration> Observers { get; init; } = [];

    /// <summary>The length of the whole run where it is longer than this part of it says, in tokens; some rotary scalings depend on it.</summary>
    internal long LengthOfRun { get; init; }

    /// <summary>Whether the run is a later step of one answer, in which the encoder's hooks have had their turn.</summary>
    internal bool IsLaterStep { get; init; }

    /// <summary>Whether the run fills a cache again; the model's attached hooks have seen its tokens already.</summary>
    internal bool IsRefresh { get; init; }
}
