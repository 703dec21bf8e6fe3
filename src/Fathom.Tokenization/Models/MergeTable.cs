using System.Numerics;
using System.Runtime.CompilerServices;

namespace Fathom.Tokenization.Models;

/// <summary>The merges of a byte-pair vocabulary: a pair of ids to its rank and the id it becomes.</summary>
internal sealed class MergeTable
{
    private const ulong Multiplier = 0x9E3779B97F4A7C15;

    private Slot[] _slots;
    private int _shift;

    /// <param name="expected">About how many merges there are; only a hint.</param>
    public MergeTable(int expected)
    {
        var size = (int)BitOperations.RoundUpToPowerOf2((uint)Math.Clamp(expected * 2L, 16, 1 << 24));
        _slots = new Slot[size];
        _shift = 64 - BitOperations.Log2((uint)size);
    }

    /// <summary>How many different pairs there are.</summary>
    public int Count { get; private set; }

    /// <summary>Adds a merge; a pair added twice keeps its later rank.</summary>
    public void Add(int left, int right, int rank, int merged)
    {
        if ((Count + 1) * 2 > _slots.Length)
        {
            Grow();
        }

        ref var slot = ref Find(_slots, _shift, Key(left, right));
        if (slot.Key == 0)
        {
            Count++;
        }

        slot = new Slot(Key(left, right), rank, merged);
    }

    /// <summary>Whether two neighbours merge, and into what; a lower rank goes first.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryGet(int left, int right, out int rank, out int merged)
    {
        ref var slot = ref Find(_slots, _shift, Key(left, right));
        (rank, merged) = (slot.Rank, slot.Merged);
        return slot.Key != 0;
    }

    /// <summary>The pairs that merge, lowest rank first.</summary>
    public IEnumerable<(int Left, int Right)> InOrder() =>
        _slots.Where(slot => slot.Key != 0).OrderBy(slot => slot.Rank).Select(slot => ((int)((slot.Key - 1) >> 32), (int)(uint)(slot.Key - 1)));

    // Ids are at most 2^31 - 1, so the key plus one never wraps to the empty mark.
    private static ulong Key(int left, int right) => (((ulong)(uint)left << 32) | (uint)right) + 1;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ref Slot Find(Slot[] slots, int shift, ulong key)
    {
        var mask = slots.Length - 1;
        for (var i = (int)((key * Multiplier) >> shift) & mask; ; i = (i + 1) & mask)
        {
            ref var slot = ref slots[i];
            if (slot.Key == key || slot.Key == 0)
            {
                return ref slot;
            }
        }
    }

    private void Grow()
    {
        var bigger = new Slot[_slots.Length * 2];
        var shift = _shift - 1;
        foreach (var slot in _slots)
        {
            if (slot.Key != 0)
            {
                Find(bigger, shift, slot.Key) = slot;
            }
        }

        (_slots, _shift) = (bigger, shift);
    }

    private readonly record struct Slot(ulong Key, int Rank, int Merged);
}
