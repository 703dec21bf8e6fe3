namespace Fathom.Loading.Checkpoints.Gguf;

/// <summary>A GGUF file under Hugging Face names and in Hugging Face layout.</summary>
internal sealed class GgufHuggingFaceCheckpoint : Checkpoint
{
    private readonly GgufCheckpoint _file;
    private readonly OrderedDictionary<string, GgufSlice> _slices;
    private readonly GgufHyperparameters _cfg;
    private readonly OrderedDictionary<string, StoredTensor> _tensors = new(StringComparer.Ordinal);

    public GgufHuggingFaceCheckpoint(GgufCheckpoint file, OrderedDictionary<string, GgufSlice> slices, GgufHyperparameters cfg)
    {
        _file = file;
        _slices = slices;
        _cfg = cfg;
        foreach (var (name, slice) in slices)
        {
            CheckRows(slice);
            IReadOnlyList<long> shape = slice.Stored.Shape;
            _tensors.Add(name, slice.Stored with
            {
                Name = name,
                Shape = slice.Expert is not null ? [.. shape.Skip(1)] : IsTransposed(slice) ? [shape[1], shape[0]] : shape,
                ByteLength = slice.Expert is null ? slice.Stored.ByteLength : slice.Stored.ByteLength / shape[0],
            });
        }
    }

    /// <inheritdoc/>
    public override string Source => _file.Source;

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, StoredTensor> Tensors => _tensors;

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, string> Metadata => _file.Metadata;

    /// <inheritdoc/>
    public override Tensor Read(string name)
    {
        var slice = _slices[Find(name).Name];
        if (slice.Expert is { } expert)
        {
            return _file.ReadPart(slice.Stored, expert * (slice.Stored.Count / slice.Stored.Shape[0]), [.. slice.Stored.Shape.Skip(1)]);
        }

        var stored = _file.Read(slice.Stored.Name);
        using var scope = torch.NewDisposeScope();
        using var noGrad = torch.no_grad();
        var result = Undo(slice, stored);
        if (ReferenceEquals(result, stored))
        {
            return stored;
        }

        stored.Dispose();
        return result.contiguous().DetachFromDisposeScope();
    }

    /// <inheritdoc/>
    internal override bool ReadsRows(string name) => _slices[Find(name).Name] is { Expert: null, Undo: GgufChange.None } slice && _file.ReadsRows(slice.Stored.Name);

    /// <inheritdoc/>
    internal override void ReadRows(string name, long first, Tensor rows) => _file.ReadRows(_slices[Find(name).Name].Stored.Name, first, rows);

    /// <inheritdoc/>
    protected override void Dispose(bool disposing) => _file.Dispose();

    private static bool IsTransposed(GgufSlice slice) => slice.Undo == GgufChange.Transposed && slice.Stored.Shape.Count == 2;

    private Tensor Undo(GgufSlice slice, Tensor stored) => slice.Undo switch
    {
        GgufChange.PairedQueryRows => HalfSplit(stored, _cfg.Heads),
        GgufChange.PairedKeyRows => HalfSplit(stored, _cfg.KeyValueHeads),
        GgufChange.PlusOne when slice.Stored.Name.EndsWith(".weight", StringComparison.Ordinal) => stored - 1f,
        GgufChange.Transposed when IsTransposed(slice) => stored.t().contiguous(),
        GgufChange.FusedByHead => ByHead(stored),
        GgufChange.FusedByGroup => ByGroup(stored),
        _ => stored,
    };

    /// <summary>Rows of neighbouring pairs back to a first and a second half, head by head.</summary>
    private static Tensor HalfSplit(Tensor stored, int heads)
    {
        long rows = stored.shape[0], d = rows / heads;
        return stored.reshape(heads, d / 2, 2, -1).transpose(1, 2).reshape(stored.shape);
    }

    private Tensor ByHead(Tensor stored) => stored.reshape(3, _cfg.Heads, _cfg.DHead, -1).transpose(0, 1).reshape(stored.shape);

    private Tensor ByGroup(Tensor stored)
    {
        int kv = _cfg.KeyValueHeads, d = _cfg.DHead, queries = _cfg.Heads / kv;
        var rows = stored.reshape(_cfg.Heads + (2 * kv), d, -1);
        var q = rows.narrow(0, 0, _cfg.Heads).reshape(kv, queries, d, -1);
        var k = rows.narrow(0, _cfg.Heads, kv).unsqueeze(1);
        var v = rows.narrow(0, _cfg.Heads + kv, kv).unsqueeze(1);
        return torch.cat([q, k, v], 1).reshape(stored.shape);
    }

    /// <summary>Row counts that the regrouping relies on, checked when the file is opened.</summary>
    private void CheckRows(GgufSlice slice)
    {
        var rows = slice.Stored.Shape[0];
        long? expected = slice.Undo switch
        {
            GgufChange.PairedQueryRows => (long)_cfg.Heads * _cfg.DHead,
            GgufChange.PairedKeyRows => (long)_cfg.KeyValueHeads * _cfg.DHead,
            GgufChange.FusedByHead => 3L * _cfg.Heads * _cfg.DHead,
            GgufChange.FusedByGroup => ((long)_cfg.Heads + (2 * _cfg.KeyValueHeads)) * _cfg.DHead,
            _ => null,
        };
        if (expected is { } wanted && (rows != wanted || (slice.Undo is GgufChange.PairedQueryRows or GgufChange.PairedKeyRows && _cfg.DHead % 2 != 0)))
        {
            throw _cfg.Invalid($"tensor '{slice.Stored.Name}' has {rows} rows, but {_cfg.Heads} heads, {_cfg.KeyValueHeads} key-value heads of {_cfg.DHead} ask for {wanted} (an even number a head).");
        }
    }
}
