using Fathom.Hooks;

namespace Fathom.Components;

/// <summary>One pass of the forward loop: which rows, at which positions, on which prefix, and who listens.</summary>
/// <remarks>Rows of all segments are packed along one axis, <c>[rows, ...]</c>, so that each weight is read once per pass; only attention looks at segments. Disposing frees masks and tables.</remarks>
public sealed class Pass : IDisposable
{
    private readonly Dictionary<object, Tensor[]> _tables = [];
    private readonly Dictionary<(int Layer, int Segment), AttendedKeys> _lent = [];
    private readonly ActiveHooks _hooks;
    private Tensor? _positions;
    private Tensor? _perLayerVectors;
    private long _atLeast;
    private long? _longest;

    internal Pass(IReadOnlyList<Segment> segments, ActiveHooks hooks)
    {
        Segments = segments;
        _hooks = hooks;
        foreach (var segment in segments)
        {
            segment.FirstRow = Rows;
            Rows += segment.Rows;
        }
    }

    /// <summary>The groups of rows that attend to each other.</summary>
    public IReadOnlyList<Segment> Segments { get; }

    /// <summary>The number of rows.</summary>
    public long Rows { get; }

    /// <summary>The segment whose activation a hook is being shown.</summary>
    public int ActiveSegment { get; private set; }

    /// <summary>The highest position plus one over all segments, which some rotary scalings depend on, in tokens.</summary>
    internal long LongestRun => _longest ??= Math.Max(_atLeast, Segments.Max(s => s.EndPosition()));

    /// <summary>Whether keys and values are shown once for each query head where queries are grouped.</summary>
    internal bool PerQueryHead { get; init; }

    /// <summary>Position vectors that join the inputs of queries and keys only (shortformer), <c>[rows, d_model]</c>; or <see langword="null"/>.</summary>
    internal Tensor? QueryKeyPositions { get; set; }

    /// <summary>The vector of each row's token for every block, <c>[rows, layer, d_ple]</c>, in models that have them: of the pass's own embedding, or of the run it resumes. Belongs to the pass.</summary>
    /// <exception cref="InvalidOperationException">The pass neither embedded tokens nor resumes a run that did.</exception>
    internal Tensor PerLayerVectors => _perLayerVectors ??= ResumedVectors();

    /// <summary>Vectors of distances that attention reads (DeBERTa), <c>[n_relative, d_model]</c>; or <see langword="null"/>.</summary>
    internal Tensor? RelativeEmbeddings { get; set; }

    /// <summary>The encoder's output, which cross-attention reads; it does not belong to the pass. <see langword="null"/> in models of one stack.</summary>
    internal EncoderMemory? Memory { get; init; }

    /// <summary>The position of every row, <c>[rows]</c>, int64. Belongs to the pass.</summary>
    internal Tensor Positions => _positions ??= MakePositions();

    /// <summary>Which rows are real tokens, <c>[rows]</c>, boolean; <see langword="null"/> if all are.</summary>
    internal Tensor? RealRows => Segments.All(s => s.KeyMask is null) ? null : Table("real rows", () =>
        [torch.cat([.. Segments.Select(s => (s.KeyMask?.narrow(1, s.Offset, s.Length) ?? torch.ones([1, s.Length], torch.@bool)).expand(s.Batch, s.Length).reshape(-1))])])[0];

    /// <summary>Whether all rows continue recorded runs and nobody differentiates.</summary>
    internal bool IsWindow => !torch.is_grad_enabled() && Segments.All(s => s.IsWindow);

    /// <summary>Uses <paramref name="longest"/> as the length of the run where it is longer than the rows say (a window run of a longer sequence).</summary>
    internal Pass ForRunOf(long longest)
    {
        _atLeast = Math.Max(_atLeast, longest);
        return this;
    }

    /// <summary>Whether anyone observes or edits <paramref name="point"/> in this pass.</summary>
    internal bool Listens(HookPoint? point) => point is not null && _hooks.Listens(point);

    /// <summary>Shows packed rows to whoever listens at <paramref name="point"/>, segment by segment as <c>[batch, pos, ...]</c>; costs nothing when nobody does.</summary>
    /// <returns>The rows to go on with.</returns>
    internal Tensor Apply(HookPoint point, Tensor rows)
    {
        if (!_hooks.Listens(point))
        {
            return rows;
        }

        if (Segments.Count == 1)
        {
            ActiveSegment = 0;
            return Restore(_hooks.Apply(point, Segments[0].View(rows.contiguous(), whole: true)), rows);
        }

        var parts = new Tensor[Segments.Count];
        for (var i = 0; i < parts.Length; i++)
        {
            ActiveSegment = i;
            var view = Segments[i].View(rows.contiguous(), whole: false);
            parts[i] = _hooks.Apply(point, view).reshape([Segments[i].Rows, .. rows.shape[1..]]);
        }

        return torch.cat(parts);
    }

    /// <summary>Shows an activation of one segment in its own shape (scores, pattern).</summary>
    internal Tensor Apply(HookPoint point, Tensor activation, int segment)
    {
        ActiveSegment = segment;
        return _hooks.Listens(point) ? _hooks.Apply(point, activation) : activation;
    }

    /// <summary>Tensors made once per pass and shared by its layers (rotary tables, biases). They belong to the pass.</summary>
    internal Tensor[] Table(object key, Func<Tensor[]> make)
    {
        if (!_tables.TryGetValue(key, out var table))
        {
            using var scope = torch.NewDisposeScope();
            table = make();
            foreach (var tensor in table)
            {
                tensor.DetachFromDisposeScope();
            }

            _tables[key] = table;
        }

        return table;
    }

    /// <summary>Keeps the vectors per layer of the embedded tokens for the blocks, and for runs that resume this one.</summary>
    internal void HoldPerLayerVectors(Tensor vectors)
    {
        _perLayerVectors = vectors.alias().DetachFromDisposeScope();
        foreach (var segment in Segments)
        {
            segment.Prefix.RecordVectors(segment.View(vectors, Segments.Count == 1));
        }
    }

    /// <summary>Keeps the keys and values of a block for later blocks of this pass.</summary>
    internal void LendKeys(int layer, int segment, AttendedKeys keys)
    {
        static Tensor? Kept(Tensor? x) => x?.alias().DetachFromDisposeScope();
        _lent[(layer, segment)] = new(Kept(keys.Keys)!, Kept(keys.Values)!, Kept(keys.SharedKeys), Kept(keys.SharedValues));
    }

    /// <summary>The keys and values of an earlier block: of this pass, or of the run it resumes if the block did not run here.</summary>
    internal AttendedKeys BorrowKeys(int layer, int segment) =>
        _lent.TryGetValue((layer, segment), out var keys) ? keys : Segments[segment].Prefix.Recorded(layer, Segments[segment]);

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var tensor in _lent.Values.SelectMany(l => new[] { l.Keys, l.Values, l.SharedKeys, l.SharedValues }))
        {
            tensor?.Dispose();
        }

        _positions?.Dispose();
        _perLayerVectors?.Dispose();
        QueryKeyPositions?.Dispose();
        RelativeEmbeddings?.Dispose();
        foreach (var tensor in _tables.Values.SelectMany(t => t))
        {
            tensor.Dispose();
        }

        foreach (var segment in Segments)
        {
            segment.Dispose();
        }
    }

    private static Tensor Restore(Tensor shown, Tensor rows) => shown.reshape([-1, .. rows.shape[1..]]);

    private Tensor ResumedVectors()
    {
        using var scope = torch.NewDisposeScope();
        return torch.cat([.. Segments.Select(s => s.Prefix.RecordedVectors(s).flatten(0, 1))]).DetachFromDisposeScope();
    }

    private Tensor MakePositions()
    {
        using var scope = torch.NewDisposeScope();
        return (Segments.Count == 1 ? Segments[0].RowPositions() : torch.cat([.. Segments.Select(s => s.RowPositions())])).DetachFromDisposeScope();
    }
}
