using System.Text;

namespace Fathom.Tokenization.Models;

/// <summary>Tokens and their ids, both ways: one block of UTF-8, one hash table of integers, strings made only when asked for.</summary>
internal sealed class Vocabulary
{
    private readonly byte[] _bytes;
    private readonly int[] _starts;
    private readonly int[] _ids;
    private readonly int[] _slots;
    private readonly int[] _entryOfId;
    private readonly Dictionary<int, int>? _sparse;
    private readonly string?[] _strings;

    internal Vocabulary(byte[] bytes, int[] starts, int[] ids, int[] slots)
    {
        (_bytes, _starts, _ids, _slots) = (bytes, starts, ids, slots);
        _strings = new string?[ids.Length];
        var max = -1;
        foreach (var id in ids)
        {
            max = Math.Max(max, id);
        }

        MaxId = max;
        // A file may name id two billion; memory follows the number of tokens instead.
        if (max <= (16L * ids.Length) + 65_536)
        {
            _entryOfId = new int[max + 1];
            for (var entry = 0; entry < ids.Length; entry++)
            {
                SharedId ??= _entryOfId[ids[entry]] != 0 ? ids[entry] : null;
                _entryOfId[ids[entry]] = entry + 1;
            }
        }
        else
        {
            _entryOfId = [];
            _sparse = [];
            for (var entry = 0; entry < ids.Length; entry++)
            {
                SharedId ??= _sparse.ContainsKey(ids[entry]) ? ids[entry] : null;
                _sparse[ids[entry]] = entry + 1;
            }
        }
    }

    /// <summary>How many different tokens there are.</summary>
    public int Count => _ids.Length;

    /// <summary>The largest id, -1 if there is none.</summary>
    public int MaxId { get; }

    /// <summary>An id that two tokens have, or <see langword="null"/>.</summary>
    public int? SharedId { get; }

    /// <summary>Every token's id, in the order of the file.</summary>
    public ReadOnlySpan<int> Ids => _ids;

    /// <summary>The id of a token given as UTF-8, or -1.</summary>
    public int IdOf(ReadOnlySpan<byte> token)
    {
        var mask = _slots.Length - 1;
        for (var slot = (int)(ByteHash.Compute(token) & (uint)mask); ; slot = (slot + 1) & mask)
        {
            var entry = _slots[slot] - 1;
            if (entry < 0)
            {
                return -1;
            }

            if (Entry(entry).SequenceEqual(token))
            {
                return _ids[entry];
            }
        }
    }

    /// <summary>The id of a token, or -1.</summary>
    public int IdOf(string token)
    {
        Span<byte> small = stackalloc byte[256];
        var size = System.Text.Encoding.UTF8.GetMaxByteCount(token.Length);
        var buffer = size <= small.Length ? small : new byte[size];
        return IdOf(buffer[..System.Text.Encoding.UTF8.GetBytes(token, buffer)]);
    }

    /// <summary>The UTF-8 of the token at a place of the file's order.</summary>
    public ReadOnlySpan<byte> TokenAt(int place) => Entry(place);

    /// <summary>The texts of all tokens of an id, in the order of the file.</summary>
    public IEnumerable<string> TokensOf(int id) => Enumerable.Range(0, Count).Where(entry => _ids[entry] == id).Select(entry => System.Text.Encoding.UTF8.GetString(Entry(entry)));

    /// <summary>Whether an id has a token.</summary>
    public bool Has(int id) => EntryOf(id) >= 0;

    /// <summary>The UTF-8 of an id's token; empty if it has none.</summary>
    public ReadOnlySpan<byte> Utf8(int id)
    {
        var entry = EntryOf(id);
        return entry < 0 ? [] : Entry(entry);
    }

    /// <summary>The text of an id's token, or <see langword="null"/>.</summary>
    public string? TokenOf(int id)
    {
        var entry = EntryOf(id);
        return entry < 0 ? null : _strings[entry] ??= System.Text.Encoding.UTF8.GetString(Entry(entry));
    }

    private int EntryOf(int id) =>
        (uint)id < (uint)_entryOfId.Length ? _entryOfId[id] - 1
        : _sparse is not null && _sparse.TryGetValue(id, out var entry) ? entry - 1
        : -1;

    private ReadOnlySpan<byte> Entry(int entry) => _bytes.AsSpan(_starts[entry], _starts[entry + 1] - _starts[entry]);
}
