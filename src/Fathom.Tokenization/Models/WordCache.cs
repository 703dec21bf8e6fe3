using System.Runtime.CompilerServices;

namespace Fathom.Tokenization.Models;

/// <summary>Remembers the ids of short words, in one flat table of bounded size that forgets by overwriting.</summary>
internal sealed class WordCache
{
    /// <summary>The longest word, in UTF-8 bytes, that is remembered.</summary>
    public const int MaxBytes = 15;

    /// <summary>The most ids a remembered word may have.</summary>
    public const int MaxIds = 3;

    private const int Bits = 15;
    private readonly Slot[] _slots = new Slot[1 << Bits];

    /// <summary>The place of a word; what is there is that word only if the key agrees.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ref Slot Find(UInt128 key)
    {
        var hash = ((ulong)key ^ ((ulong)(key >> 64) * 0xC2B2AE3D27D4EB4F)) * 0x9E3779B97F4A7C15;
        return ref _slots[hash >> (64 - Bits)];
    }

    /// <summary>A remembered word. The key's top byte is the word's length, so that an empty place has no word's key.</summary>
    public struct Slot
    {
        /// <summary>The word's bytes, little-endian, and its length in the top byte.</summary>
        public UInt128 Key;

        /// <summary>First id.</summary>
        public int First;

        /// <summary>Second id.</summary>
        public int Second;

        /// <summary>Third id.</summary>
        public int Third;

        /// <summary>How many ids.</summary>
        public int Count;
    }
}
