using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Fathom.Tokenization.Models;

/// <summary>Remembers the ids of words, in two flat tables of fixed size that forget by overwriting.</summary>
/// <remarks>A short word takes half a cache line, a longer one a whole line; one workspace uses the tables at a time.</remarks>
internal sealed class WordCache
{
    /// <summary>The longest short word, in UTF-8 bytes.</summary>
    public const int ShortBytes = 15;

    /// <summary>The most ids of a short word.</summary>
    public const int ShortIds = 3;

    /// <summary>The longest word that is remembered at all, in UTF-8 bytes.</summary>
    public const int LongBytes = 31;

    /// <summary>The most ids of a word that is remembered at all.</summary>
    public const int LongIds = 7;

    private const int ShortBits = 14;
    private const int LongBits = 12;
    private readonly ShortSlot[] _short = new ShortSlot[1 << ShortBits];
    private readonly LongSlot[] _long = new LongSlot[1 << LongBits];

    /// <summary>The place of a short word; what is there is that word only if the key agrees.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ref ShortSlot Find(UInt128 key) =>
        ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(_short), (nuint)(Hash(key) >> (64 - ShortBits)));

    /// <summary>The place of a longer word.</summary>
    public ref LongSlot Find(UInt128 low, UInt128 high) =>
        ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(_long), (nuint)((Hash(low) ^ (Hash(high) * 31)) >> (64 - LongBits)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Hash(UInt128 key) => ((ulong)key ^ ((ulong)(key >> 64) * 0xC2B2AE3D27D4EB4F)) * 0x9E3779B97F4A7C15;

    /// <summary>A short word. The key's top byte is the word's length, so that an empty place has no word's key.</summary>
    public struct ShortSlot
    {
        /// <summary>The word's bytes, little-endian, and its length in the top byte.</summary>
        public UInt128 Key;

        /// <summary>The ids.</summary>
        public ShortRow Ids;

        /// <summary>How many ids.</summary>
        public int Count;
    }

    /// <summary>A longer word, or a short one with more ids.</summary>
    public struct LongSlot
    {
        /// <summary>The word's first 16 bytes.</summary>
        public UInt128 Low;

        /// <summary>The rest, and the word's length in the top byte.</summary>
        public UInt128 High;

        /// <summary>The ids.</summary>
        public LongRow Ids;

        /// <summary>How many ids.</summary>
        public int Count;
    }

    /// <summary>Ids of a short word.</summary>
    [InlineArray(ShortIds)]
    public struct ShortRow
    {
        private int _first;
    }

    /// <summary>Ids of a longer word.</summary>
    [InlineArray(LongIds)]
    public struct LongRow
    {
        private int _first;
    }
}
