namespace Fathom.Components;

/// <summary>What a decoder attends to: the encoder's output, and which of its positions are real. A cache keeps it, with each block's keys and values, so that the encoder runs once.</summary>
internal sealed class EncoderMemory : IDisposable
{
    private readonly Dictionary<int, (Tensor Keys, Tensor Values)> _projected = [];
    private readonly Tensor _tokens;
    private readonly Tensor? _blocked;

    /// <summary>Holds an encoded input.</summary>
    /// <param name="rows">The encoder's output, <c>[batch · source_pos, d_model]</c>. Taken over.</param>
    /// <param name="tokens">The ids it was made from, <c>[batch, source_pos]</c>; copied.</param>
    /// <param name="mask">Which of them are real, <c>[batch, source_pos]</c>, boolean; <see langword="null"/> if all are. Copied.</param>
    public EncoderMemory(Tensor rows, Tensor tokens, Tensor? mask)
    {
        Rows = rows.DetachFromDisposeScope();
        _tokens = tokens.clone().DetachFromDisposeScope();
        using var scope = torch.NewDisposeScope();
        _blocked = BlockedBy(mask)?.DetachFromDisposeScope();
    }

    /// <summary>The encoder's output, <c>[batch · source_pos, d_model]</c>.</summary>
    public Tensor Rows { get; }

    /// <summary>The number of sequences.</summary>
    public long Batch => _tokens.shape[0];

    /// <summary>The number of positions of each.</summary>
    public long Length => _tokens.shape[1];

    /// <summary>Which keys no query may use, <c>[batch, 1, 1, source_pos]</c>; <see langword="null"/> if all may be used.</summary>
    public Tensor? Blocked => _blocked;

    /// <summary>Whether keys and values are kept for later passes.</summary>
    public bool IsKept { get; init; }

    /// <summary>The bytes held.</summary>
    public long Bytes => _projected.Values.SelectMany(p => new[] { p.Keys, p.Values }).Append(Rows).Sum(t => t.numel() * t.element_size());

    /// <summary>Whether it was made from these ids and this mask.</summary>
    public bool IsOf(Tensor tokens, Tensor? mask)
    {
        using var scope = torch.NewDisposeScope();
        var blocked = BlockedBy(mask);
        return Same(_tokens, tokens) && (_blocked is null || blocked is null ? _blocked is null && blocked is null : Same(_blocked, blocked));
    }

    /// <summary>A block's keys and values of every position, before any hook on them.</summary>
    /// <param name="layer">The block.</param>
    /// <param name="project">Computes them, <c>[batch, source_pos, head, d_head]</c> each.</param>
    public (Tensor Keys, Tensor Values) Projected(int layer, Func<Tensor, (Tensor Keys, Tensor Values)> project)
    {
        if (_projected.TryGetValue(layer, out var held))
        {
            return held;
        }

        var made = project(Rows);
        if (IsKept)
        {
            made = (made.Keys.DetachFromDisposeScope(), made.Values.DetachFromDisposeScope());
            _projected[layer] = made;
        }

        return made;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Rows.Dispose();
        _tokens.Dispose();
        _blocked?.Dispose();
        foreach (var (keys, values) in _projected.Values)
        {
            keys.Dispose();
            values.Dispose();
        }

        _projected.Clear();
    }

    private static Tensor? BlockedBy(Tensor? mask) => mask is null || mask.all().item<bool>() ? null : mask.logical_not().unsqueeze(1).unsqueeze(1);

    private static bool Same(Tensor a, Tensor b) => a.shape.AsSpan().SequenceEqual(b.shape) && a.eq(b).all().item<bool>();
}
