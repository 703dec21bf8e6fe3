using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Text.Unicode;
using Fathom.Tokenization.Text;

namespace Fathom.Tokenization.Models;

/// <summary>Byte-pair encoding of whole words given as UTF-16, over bytes instead of their printable stand-ins.</summary>
/// <remarks>Usable where no byte is ever unknown: all 256 are in the vocabulary, or those that are not are dropped without a word.</remarks>
internal sealed class ByteWordEncoder
{
    private const ulong HighBits = 0x8080808080808080;
    private readonly int[] _byteIds;
    private readonly MergeTable _merges;
    private readonly Vocabulary _vocabulary;
    private readonly bool _wholeFirst;
    private readonly UInt128[] _masks = new UInt128[16];

    private ByteWordEncoder(int[] byteIds, BpeModel model)
    {
        (_byteIds, _merges, _vocabulary, _wholeFirst) = (byteIds, model.Merges, model.Vocabulary, model.Options.IgnoreMerges);
        HasAllBytes = Array.TrueForAll(byteIds, id => id >= 0);
        HasAllAscii = Array.TrueForAll(byteIds[..128], id => id >= 0);
        for (var length = 1; length < 16; length++)
        {
            _masks[length] = UInt128.MaxValue >> (128 - (8 * length));
        }
    }

    /// <summary>Whether no byte is ever dropped.</summary>
    public bool HasAllBytes { get; }

    /// <summary>Whether no ASCII character is ever dropped.</summary>
    public bool HasAllAscii { get; }

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
            if (ids[b] < 0 && (options.UnkToken is not null || options.ByteFallback))
            {
                return null;
            }
        }

        return new ByteWordEncoder(ids, model);
    }

    /// <summary>How many bytes a token covers: as many as it has characters.</summary>
    public int Bytes(int id)
    {
        var count = 0;
        foreach (var b in _vocabulary.Utf8(id))
        {
            count += (b & 0xC0) != 0x80 ? 1 : 0;
        }

        return count;
    }

    /// <summary>Encodes a word of at most 15 units with at least 16 readable units behind <paramref name="first"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void EncodeShort(ref char first, int length, WordCache cache, Workspace workspace)
    {
        ref var units = ref Unsafe.As<char, ushort>(ref first);
        var packed = Vector128.NarrowWithSaturation(Vector128.LoadUnsafe(ref units), Vector128.LoadUnsafe(ref units, 8));
        var key = Unsafe.BitCast<Vector128<byte>, UInt128>(packed) & _masks[length];
        if ((((ulong)key | (ulong)(key >> 64)) & HighBits) != 0)
        {
            EncodeAny(MemoryMarshal.CreateReadOnlySpan(ref first, length), workspace);
            return;
        }

        key |= (UInt128)(uint)length << 120;
        ref var slot = ref cache.Find(key);
        if (slot.Key == key)
        {
            workspace.Append(in slot);
        }
        else
        {
            Learn(key, workspace);
        }
    }

    /// <summary>Encodes a word of any length.</summary>
    public void EncodeAny(ReadOnlySpan<char> word, Workspace workspace)
    {
        if (word.Length > WordCache.LongBytes)
        {
            EncodeLong(word, workspace);
            return;
        }

        Span<UInt128> key = [0, 0];
        if (Utf8.FromUtf16(word, MemoryMarshal.AsBytes(key)[..WordCache.LongBytes], out _, out var size) != OperationStatus.Done)
        {
            EncodeLong(word, workspace);
        }
        else if (size > WordCache.ShortBytes)
        {
            LearnLong(key[0], key[1] | ((UInt128)(uint)size << 120), workspace);
        }
        else
        {
            var shortKey = key[0] | ((UInt128)(uint)size << 120);
            ref var slot = ref workspace.Words.Find(shortKey);
            if (slot.Key == shortKey)
            {
                workspace.Append(in slot);
            }
            else
            {
                Learn(shortKey, workspace);
            }
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Learn(UInt128 key, Workspace workspace)
    {
        var size = (int)(key >> 120);
        var before = workspace.Count;
        var word = key & _masks[size];
        LearnLong(word, (UInt128)(uint)size << 120, workspace);
        var ids = workspace.Ids[before..];
        if (ids.Length <= WordCache.ShortIds)
        {
            ref var slot = ref workspace.Words.Find(key);
            (slot.Key, slot.Count) = (key, ids.Length);
            ids.CopyTo(slot.Ids);
        }
    }

    private void LearnLong(UInt128 low, UInt128 high, Workspace workspace)
    {
        ref var slot = ref workspace.Words.Find(low, high);
        if (slot.Low == low && slot.High == high)
        {
            ((ReadOnlySpan<int>)slot.Ids)[..slot.Count].CopyTo(workspace.Room(WordCache.LongIds));
            workspace.Count += slot.Count;
            return;
        }

        Span<UInt128> key = [low, high];
        var before = workspace.Count;
        Encode(MemoryMarshal.AsBytes(key)[..(int)(high >> 120)], workspace);
        var ids = workspace.Ids[before..];
        if (ids.Length <= WordCache.LongIds)
        {
            (slot.Low, slot.High, slot.Count) = (low, high, ids.Length);
            ids.CopyTo(slot.Ids);
        }
    }

    private void EncodeLong(ReadOnlySpan<char> word, Workspace workspace)
    {
        var buffer = workspace.Bytes(checked(word.Length * 3));
        Utf8.FromUtf16(word, buffer, out _, out var size);
        Encode(buffer.AsSpan(0, size), workspace);
    }

    private void Encode(ReadOnlySpan<byte> word, Workspace workspace)
    {
        if (_wholeFirst && Whole(word) is >= 0 and var id)
        {
            workspace.Room(1)[0] = id;
            workspace.Count++;
            return;
        }

        var queue = workspace.Merges;
        var symbols = queue.Symbols(word.Length);
        var size = 0;
        foreach (var b in word)
        {
            symbols[size] = _byteIds[b];
            size += symbols[size] >= 0 ? 1 : 0;
        }

        if (size == 0)
        {
            return;
        }

        queue.Run(_merges, size);
        var room = workspace.Room(size);
        var count = 0;
        for (var at = 0; at < size; at = queue.Next(at))
        {
            room[count++] = symbols[at];
        }

        workspace.Count += count;
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

        return _vocabulary.IdOf(printable[..size]);
    }
}
