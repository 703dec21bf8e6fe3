using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Fathom.Tokenization.Models;

/// <summary>Applies merges to a row of symbols: always the lowest rank, then the leftmost pair.</summary>
/// <remarks>
/// A symbol lives at the index where it begins, so no memory moves. Short rows search their ranks directly; long ones keep a heap,
/// which makes a word of <c>n</c> symbols cost <c>n log n</c>. Source: Sennrich et al. 2016 (arXiv:1508.07909).
/// </remarks>
internal sealed class MergeQueue
{
    private const int NoMerge = int.MaxValue;
    private const int DirectLimit = 96;

    private readonly PriorityHeap _heap = new();
    private int[] _ids = new int[128];
    private int[] _ranks = new int[128];
    private int[] _merged = new int[128];
    private int[] _next = new int[128];
    private int[] _previous = new int[128];

    /// <summary>The row to fill in before <see cref="Run"/>; afterwards a symbol's id stands where it begins.</summary>
    public Span<int> Symbols(int count)
    {
        if (count > _ids.Length)
        {
            var size = (int)Math.Min(BitOperations.RoundUpToPowerOf2((uint)count), 1u << 30);
            _ids = new int[size];
            _ranks = new int[size];
            _merged = new int[size];
            _next = new int[size];
            _previous = new int[size];
        }

        return _ids.AsSpan(0, count);
    }

    /// <summary>Where the symbol after the one at <paramref name="index"/> begins; the row's length at the end.</summary>
    public int Next(int index) => _next[index];

    /// <summary>Merges the first <paramref name="count"/> symbols until no pair is left.</summary>
    public void Run(MergeTable merges, int count)
    {
        for (var i = 0; i < count; i++)
        {
            _next[i] = i + 1;
            _previous[i] = i - 1;
        }

        var any = false;
        for (var i = 0; i < count - 1; i++)
        {
            any |= Rank(merges, i, i + 1);
        }

        _ranks[count - 1] = NoMerge;
        if (!any)
        {
            return;
        }

        if (count <= DirectLimit)
        {
            RunDirect(merges, count);
        }
        else
        {
            RunHeap(merges, count);
        }
    }

    private void RunDirect(MergeTable merges, int count)
    {
        while (true)
        {
            var ranks = _ranks.AsSpan(0, count - 1);
            var best = Lowest(ranks);
            if (best < 0)
            {
                return;
            }

            Merge(merges, best, count);
        }
    }

    private void RunHeap(MergeTable merges, int count)
    {
        _heap.Clear();
        for (var i = 0; i < count - 1; i++)
        {
            if (_ranks[i] != NoMerge)
            {
                _heap.Push(_ranks[i], i);
            }
        }

        while (_heap.TryPop(out var rank, out var at))
        {
            if (_ranks[at] != rank)
            {
                continue; // A neighbour changed since this entry was made.
            }

            Merge(merges, at, count);
            if (_ranks[at] != NoMerge)
            {
                _heap.Push(_ranks[at], at);
            }

            var previous = _previous[at];
            if (previous >= 0 && _ranks[previous] != NoMerge)
            {
                _heap.Push(_ranks[previous], previous);
            }
        }
    }

    private void Merge(MergeTable merges, int at, int count)
    {
        var gone = _next[at];
        var after = _next[gone];
        _ids[at] = _merged[at];
        _next[at] = after;
        _ranks[gone] = NoMerge;
        if (after < count)
        {
            _previous[after] = at;
            Rank(merges, at, after);
        }
        else
        {
            _ranks[at] = NoMerge;
        }

        if (_previous[at] >= 0)
        {
            Rank(merges, _previous[at], at);
        }
    }

    private bool Rank(MergeTable merges, int left, int right)
    {
        if (merges.TryGet(_ids[left], _ids[right], out var rank, out var merged))
        {
            _ranks[left] = rank;
            _merged[left] = merged;
            return true;
        }

        _ranks[left] = NoMerge;
        return false;
    }

    private static int Lowest(ReadOnlySpan<int> ranks)
    {
        if (ranks.Length < 2 * Vector128<int>.Count || !Vector128.IsHardwareAccelerated)
        {
            var (lowest, at) = (NoMerge, -1);
            for (var i = 0; i < ranks.Length; i++)
            {
                if (ranks[i] < lowest)
                {
                    (lowest, at) = (ranks[i], i);
                }
            }

            return at;
        }

        ref var first = ref MemoryMarshal.GetReference(ranks);
        var last = ranks.Length - Vector128<int>.Count;
        var min = Vector128.LoadUnsafe(ref first, (nuint)last);
        for (var i = 0; i < last; i += Vector128<int>.Count)
        {
            min = Vector128.Min(min, Vector128.LoadUnsafe(ref first, (nuint)i));
        }

        var value = Math.Min(Math.Min(min[0], min[1]), Math.Min(min[2], min[3]));
        return value == NoMerge ? -1 : ranks.IndexOf(value);
    }
}
