using Fathom.Tensors;

namespace Fathom.Components;

/// <summary>Rows of one pass that attend to each other: <c>batch</c> sequences of <c>length</c> new positions on a common prefix.</summary>
/// <remarks>A full run is one segment with an empty prefix; a cached run one segment on what the cache holds; a window run many segments on a shared prefix.</remarks>
public sealed class Segment : IDisposable
{
    private readonly Dictionary<(int?, int?, bool), Tensor?> _blocked = [];
    private readonly Tensor? _keyPositions;
    private readonly bool _isPlain;
    private TokenOrder? _order;

    /// <summary>Describes a segment.</summary>
    /// <param name="batch">The number of sequences.</param>
    /// <param name="length">The number of new positions of each.</param>
    /// <param name="prefix">What the run remembers of earlier positions.</param>
    /// <param name="keyMask">Which keys are real, <c>[batch or 1, prefix + length]</c>, boolean; <see langword="null"/> if all are. Taken over.</param>
    /// <param name="positions">The position of each new token, <c>[batch or 1, length]</c>, int64; <see langword="null"/> to count real tokens. Taken over.</param>
    internal Segment(long batch, long length, Prefix prefix, Tensor? keyMask = null, Tensor? positions = null)
    {
        Batch = batch;
        Length = length;
        Prefix = prefix;
        Offset = prefix.Count;
        _isPlain = keyMask is null && positions is null;
        KeyMask = keyMask?.DetachFromDisposeScope();
        if (KeyMask is not null)
        {
            using var scope = torch.NewDisposeScope();
            _keyPositions = KeyMask.to(torch.int64).cumsum(1).Minus(1).AtLeast(0).to(torch.int64).DetachFromDisposeScope();
        }

        Positions = (positions ?? _keyPositions?.narrow(1, Offset, length) ?? Arithmetic.Range(Offset + length).narrow(0, Offset, length).unsqueeze(0)).DetachFromDisposeScope();
    }

    /// <summary>The number of sequences.</summary>
    public long Batch { get; }

    /// <summary>The number of new positions of each sequence.</summary>
    public long Length { get; }

    /// <summary>The number of positions before the first new one.</summary>
    public long Offset { get; }

    /// <summary>The number of rows, <c>batch · length</c>.</summary>
    public long Rows => Batch * Length;

    /// <summary>The index of the segment's first row in the pass.</summary>
    public long FirstRow { get; internal set; }

    /// <summary>What the run remembers of earlier positions.</summary>
    internal Prefix Prefix { get; }

    /// <summary>Whether the rows continue a recorded run without gaps: no padding, positions counted on.</summary>
    internal bool IsWindow => _isPlain && Prefix is SharedPrefix;

    /// <summary>Which keys are real, <c>[batch or 1, prefix + length]</c>; <see langword="null"/> if all are.</summary>
    internal Tensor? KeyMask { get; }

    /// <summary>The position of each new token, <c>[batch or 1, length]</c>, int64.</summary>
    internal Tensor Positions { get; }

    /// <summary>The order in which recurrences read the new tokens. Belongs to the segment.</summary>
    internal TokenOrder Order => _order ??= new(this);

    /// <summary>The highest position of the segment plus one, in tokens; padding does not count.</summary>
    internal long EndPosition()
    {
        if (_isPlain)
        {
            return Offset + Length;
        }

        using var scope = torch.NewDisposeScope();
        return Positions.max().item<long>() + 1;
    }

    /// <summary>The position of every key, <c>[batch or 1, prefix + length]</c>, int64. The caller owns it.</summary>
    internal Tensor KeyPositions() => _keyPositions?.alias() ?? Arithmetic.Range(Offset + Length).unsqueeze(0);

    /// <summary>Shapes the segment's rows of a packed tensor as <c>[batch, length, ...]</c>.</summary>
    internal Tensor View(Tensor rows, bool whole)
    {
        var own = whole ? rows : rows.narrow(0, FirstRow, Rows);
        return own.view([Batch, Length, .. rows.shape[1..]]);
    }

    /// <summary>The positions of the segment's rows, <c>[rows]</c>.</summary>
    internal Tensor RowPositions() => Positions.expand(Batch, Length).reshape(-1);

    /// <summary>Which (query, key) pairs attention may not use: <c>[batch or 1, 1, length, prefix + length]</c>, or <see langword="null"/> if all may be used. Made once per pass; belongs to the segment.</summary>
    /// <param name="window">The number of keys a query sees, itself included; without causality half of it on each side.</param>
    /// <param name="chunk">The size of the blocks outside which a query sees nothing.</param>
    /// <param name="causal">Whether later keys are hidden.</param>
    internal Tensor? Blocked(int? window, int? chunk, bool causal)
    {
        if (!_blocked.TryGetValue((window, chunk, causal), out var blocked))
        {
            blocked = MakeBlocked(window, chunk, causal)?.DetachFromDisposeScope();
            _blocked[(window, chunk, causal)] = blocked;
        }

        return blocked;
    }

    /// <summary>Frees masks and positions.</summary>
    public void Dispose()
    {
        KeyMask?.Dispose();
        _keyPositions?.Dispose();
        _order?.Dispose();
        Positions.Dispose();
        foreach (var blocked in _blocked.Values)
        {
            blocked?.Dispose();
        }

        _blocked.Clear();
    }

    private Tensor? MakeBlocked(int? window, int? chunk, bool causal)
    {
        var keys = Offset + Length;
        var slides = window is { } w && (causal ? w < keys : w / 2 < keys - 1);
        if (KeyMask is null && chunk is null && !slides && (!causal || Length == 1))
        {
            return null;
        }

        using var scope = torch.NewDisposeScope();
        var key = Arithmetic.Range(keys).unsqueeze(0);
        var query = key.narrow(1, Offset, Length).transpose(0, 1);
        var blocked = causal ? key.gt(query) : torch.zeros([Length, keys], torch.@bool);
        if (slides)
        {
            blocked = blocked.logical_or(causal
                ? key.le(query.Minus(window!.Value))
                : key.Minus(query).abs().IsAbove(window!.Value / 2));
        }

        blocked = blocked.unsqueeze(0).unsqueeze(0);
        if (chunk is { } size)
        {
            using var divisor = ((long)size).ToScalar();
            var chunks = KeyPositions().div(divisor, torch.RoundingMode.floor);
            var own = chunks.narrow(1, Offset, Length).unsqueeze(2);
            blocked = blocked.logical_or(chunks.unsqueeze(1).ne(own).unsqueeze(1));
        }

        if (KeyMask is not null)
        {
            blocked = blocked.logical_or(KeyMask.logical_not().unsqueeze(1).unsqueeze(1));
        }

        return blocked.MoveToOuterDisposeScope();
    }
}
