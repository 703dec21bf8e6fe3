using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Text;
using System.Text.Unicode;
using Fathom.Tokenization.Text;

namespace Fathom.Tokenization.Models;

/// <summary>Byte-pair encoding of whole words given as UTF-16, over bytes instead of their printable stand-ins.</summary>
/// <remarks>Usable where all 256 byte characters are in the vocabulary, so that nothing is ever unknown.</remarks>
internal sealed class ByteWordEncoder
{
    private readonly int[] _byteIds;
    private readonly MergeTable _merges;
    private readonly Vocabulary? _whole;
    private readonly UInt128[] _masks = new UInt128[16];

    private ByteWordEncoder(int[] byteIds, MergeTable merges, Vocabulary? whole)
    {
        (_byteIds, _merges, _whole) = (byteIds, merges, whole);
        for (var length = 1; length < 16; length++)
        {
            _masks[length] = UInt128.MaxValue >> (128 - (8 * length));
        }
    }

    /// <summary>An encoder for a model, or <see langword="null"/> if the model needs the general path.</summary>
    public static ByteWordEncoder? For(BpeModel model)
    {
        var options = model.Options;
        if (options.ContinuingSubwordPrefix.Length > 0 || options.EndOfWordSuffix.Length > 0)
        {
            return null;
        }

        var ids = new int[256];
        for (var b = 0; b < 256; b++)
        {
            ids[b] = model.Vocabulary.IdOf(ByteAlphabet.ToChar((byte)b).ToString());
            if (ids[b] < 0)
            {
                return null;
            }
        }

        return new ByteWordEncoder(ids, model.Merges, options.IgnoreMerges ? model.Vocabulary : null);
    }

    /// <summary>Encodes a word of at most 15 units with at least 16 readable units behind <paramref name="first"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void EncodeShort(ref char first, int length, WordCache cache, Workspace workspace)
    {
        ref var units = ref Unsafe.As<char, ushort>(ref first);
        var packed = Vector128.NarrowWithSaturation(Vector128.LoadUnsafe(ref units), Vector128.LoadUnsafe(ref units, 8));
        var key = Unsafe.BitCast<Vector128<byte>, UInt128>(packed) & _masks[length];
        if (((ulong)key & 0x8080808080808080) != 0 || ((ulong)(key >> 64) & 0x8080808080808080) != 0)
        {
            EncodeAny(System.Runtime.InteropServices.MemoryMarshal.CreateReadOnlySpan(ref first, length), workspace);
            return;
        }

        key |= (UInt128)(uint)length << 120;
        ref var slot = ref cache.Find(key);
        if (slot.Key == key)
        {
            Recall(ref slot, workspace);
        }
        else
        {
            Learn(key, ref slot, workspace);
        }
    }

    /// <summary>Encodes a word of any length.</summary>
    public void EncodeAny(ReadOnlySpan<char> word, Workspace workspace)
    {
        if (word.Length <= WordCache.MaxBytes)
        {
            UInt128 key = 0;
            var bytes = System.Runtime.InteropServices.MemoryMarshal.AsBytes(new Span<UInt128>(ref key))[..WordCache.MaxBytes];
            if (Utf8.FromUtf16(word, bytes, out _, out var written) == System.Buffers.OperationStatus.Done)
            {
                key |= (UInt128)(uint)written << 120;
                ref var slot = ref workspace.Words.Find(key);
                if (slot.Key == key)
                {
                    Recall(ref slot, workspace);
                }
                else
                {
                    Learn(key, ref slot, workspace);
                }

                return;
            }
        }

        var buffer = workspace.Bytes(System.Text.Encoding.UTF8.GetMaxByteCount(word.Length));
        Utf8.FromUtf16(word, buffer, out _, out var size);
        Encode(buffer.AsSpan(0, size), workspace);
    }

    /// <summary>Encodes a word given as UTF-8, without remembering it.</summary>
    public void Encode(ReadOnlySpan<byte> word, Workspace workspace)
    {
        if (_whole is not null && Whole(word) is >= 0 and var id)
        {
            workspace.Room(1)[0] = id;
            workspace.Count++;
            return;
        }

        var queue = workspace.Merges;
        var symbols = queue.Symbols(word.Length);
        for (var i = 0; i < word.Length; i++)
        {
            symbols[i] = _byteIds[word[i]];
        }

        queue.Run(_merges, word.Length);
        var room = workspace.Room(word.Length);
        var count = 0;
        for (var at = 0; at < symbols.Length; at = queue.Next(at))
        {
            room[count++] = symbols[at];
        }

        workspace.Count += count;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Recall(ref WordCache.Slot slot, Workspace workspace)
    {
        var room = workspace.Room(WordCache.MaxIds);
        room[0] = slot.First;
        room[1] = slot.Second;
        room[2] = slot.Third;
        workspace.Count += slot.Count;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Learn(UInt128 key, ref WordCache.Slot slot, Workspace workspace)
    {
        var length = (int)(key >> 120);
        var copy = key;
        var word = System.Runtime.InteropServices.MemoryMarshal.AsBytes(new ReadOnlySpan<UInt128>(ref copy))[..length];
        var before = workspace.Count;
        Encode(word, workspace);
        var ids = workspace.Ids[before..];
        if (ids.Length <= WordCache.MaxIds)
        {
            slot = new WordCache.Slot
            {
                Key = key,
                Count = ids.Length,
                First = ids[0],
                Second = ids.Length > 1 ? ids[1] : 0,
                Third = ids.Length > 2 ? ids[2] : 0,
            };
        }
    }

    private int Whole(ReadOnlySpan<byte> word)
    {
        Span<byte> small = stackalloc byte[256];
        var printable = word.Length * 2 <= small.Length ? small : new byte[word.Length * 2];
        var size = 0;
        foreach (var b in word)
        {
            var c = ByteAlphabet.ToChar(b);
            if (c < 0x80)
            {
                printable[size++] = (byte)c;
            }
            else
            {
                printable[size++] = (byte)(0xC0 | (c >> 6));
                printable[size++] = (byte)(0x80 | (c & 0x3F));
            }
        }

        return _whole!.IdOf(printable[..size]);
    }
}
