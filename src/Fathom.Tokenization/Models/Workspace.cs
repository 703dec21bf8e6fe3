using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Fathom.Tokenization.Models;

/// <summary>Scratch memory of one thread at a time: merge rows, found tokens, remembered words.</summary>
internal sealed class Workspace
{
    private int[] _ids = new int[256];
    private byte[] _bytes = new byte[256];

    /// <summary>The row in which merges run.</summary>
    public MergeQueue Merges { get; } = new();

    /// <summary>Tokens of the piece at hand.</summary>
    public TokenBuffer Tokens { get; } = new();

    /// <summary>Words seen before, with their ids; made by the path that uses it.</summary>
    public WordCache Words => field ??= new();

    /// <summary>How many ids were written.</summary>
    public int Count { get; set; }

    /// <summary>The ids written so far.</summary>
    public ReadOnlySpan<int> Ids => _ids.AsSpan(0, Count);

    /// <summary>Room for at least <paramref name="more"/> ids after <see cref="Count"/>.</summary>
    public Span<int> Room(int more)
    {
        if (Count + more > _ids.Length)
        {
            Array.Resize(ref _ids, Math.Max(_ids.Length * 2, Count + more));
        }

        return _ids.AsSpan(Count);
    }

    /// <summary>Appends the ids of a remembered word.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Append(ref readonly WordCache.ShortSlot slot)
    {
        var count = Count;
        if (count + WordCache.ShortIds > _ids.Length)
        {
            Room(WordCache.ShortIds);
        }

        // All three are written, so that the usual one needs no loop.
        ref var target = ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(_ids), count);
        target = slot.Ids[0];
        Unsafe.Add(ref target, 1) = slot.Ids[1];
        Unsafe.Add(ref target, 2) = slot.Ids[2];
        Count = count + slot.Count;
    }

    /// <summary>A byte buffer of at least <paramref name="size"/> bytes; its content is lost at the next call.</summary>
    public byte[] Bytes(int size)
    {
        if (size > _bytes.Length)
        {
            _bytes = new byte[Math.Max(size, _bytes.Length * 2)];
        }

        return _bytes;
    }
}
