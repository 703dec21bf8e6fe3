using Fathom.Tensors;

namespace Fathom.Components;

/// <summary>The order in which recurrences read a segment's new tokens: the real ones first, so that a masked token is as if it were absent, wherever it stands.</summary>
internal sealed class TokenOrder : IDisposable
{
    private readonly long _batch;
    private readonly long _length;
    private readonly Tensor? _in;
    private readonly Tensor? _out;
    private readonly Tensor? _real;
    private readonly Tensor? _counts;

    /// <summary>Reads a segment's mask.</summary>
    public TokenOrder(Segment segment)
    {
        (_batch, _length) = (segment.Batch, segment.Length);
        if (segment.KeyMask is null)
        {
            return;
        }

        using var scope = torch.NewDisposeScope();
        var mask = segment.KeyMask.narrow(1, segment.Offset, _length).expand(_batch, _length);
        var rank = mask.logical_not().to(torch.int64);
        var order = rank.Times(Whole(_length)).Plus(Arithmetic.Range(_length).unsqueeze(0)).argsort(1);
        var first = Arithmetic.Range(_batch).unsqueeze(1).Times(Whole(_length));
        _in = order.Plus(first).reshape(-1).DetachFromDisposeScope();
        _out = order.argsort(1).Plus(first).reshape(-1).DetachFromDisposeScope();
        _real = mask.reshape(-1).index_select(0, _in).view(_batch, _length).DetachFromDisposeScope();
        _counts = mask.to(torch.int64).sum([1L]).DetachFromDisposeScope();
    }

    /// <summary>Moves real tokens to the front.</summary>
    /// <param name="x"><c>[batch, pos, ...]</c>.</param>
    public Tensor In(Tensor x) => _in is null ? x : Moved(x, _in);

    /// <summary>Moves tokens back to their places.</summary>
    /// <param name="x"><c>[batch, pos, ...]</c>.</param>
    public Tensor Out(Tensor x) => _out is null ? x : Moved(x, _out);

    /// <summary>Puts zeros in place of masked tokens.</summary>
    /// <param name="x"><c>[batch, pos, ...]</c>, in the order of <see cref="In"/>.</param>
    public Tensor Cleared(Tensor x) => _real is null ? x : x.Times(_real.to(x.dtype).view([_batch, _length, .. Enumerable.Repeat(1L, (int)x.dim() - 2)]));

    /// <summary>The last <paramref name="count"/> entries before the masked tokens, of a tensor that has that many entries more than the segment in front.</summary>
    /// <param name="x"><c>[batch, count + pos, ...]</c>, in the order of <see cref="In"/>.</param>
    /// <param name="count">How many.</param>
    public Tensor Tail(Tensor x, long count)
    {
        if (_counts is null)
        {
            return x.narrow(1, _length, count).clone();
        }

        var first = _counts.Plus(Arithmetic.Range(_batch).Times(Whole(count + _length))).unsqueeze(1);
        var rows = first.Plus(Arithmetic.Range(count).unsqueeze(0)).reshape(-1);
        return x.reshape([-1, .. x.shape[2..]]).index_select(0, rows).view([_batch, count, .. x.shape[2..]]);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _in?.Dispose();
        _out?.Dispose();
        _real?.Dispose();
        _counts?.Dispose();
    }

    /// <summary>A whole number that a product of positions stays whole with.</summary>
    private static Tensor Whole(long n) => torch.tensor(n, torch.int64);

    private Tensor Moved(Tensor x, Tensor order) => x.reshape([-1, .. x.shape[2..]]).index_select(0, order).view([_batch, _length, .. x.shape[2..]]);
}
