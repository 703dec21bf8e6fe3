using System.Text;

namespace Fathom.Tokenization.Models;

/// <summary>Collects tokens in the order of the file; a token named twice keeps its later id.</summary>
internal sealed class VocabularyBuilder
{
    private byte[] _bytes;
    private int[] _starts = new int[1025];
    private int[] _ids = new int[1024];
    private int[] _slots = new int[4096];
    private int _used;
    private int _count;

    /// <param name="expectedBytes">About how many bytes the tokens have together; only a hint.</param>
    public VocabularyBuilder(int expectedBytes = 1024) => _bytes = new byte[Math.Clamp(expectedBytes, 64, 1 << 26)];

    /// <summary>How many different tokens were added.</summary>
    public int Count => _count;

    /// <summary>Adds a token.</summary>
    public void Add(string token, int id) => Add(System.Text.Encoding.UTF8.GetBytes(token), id);

    /// <summary>Adds a token given as UTF-8.</summary>
    public void Add(ReadOnlySpan<byte> token, int id)
    {
        if ((_count + 1) * 2 > _slots.Length)
        {
            Rehash(_slots.Length * 2);
        }

        var mask = _slots.Length - 1;
        var slot = (int)(ByteHash.Compute(token) & (uint)mask);
        while (_slots[slot] != 0)
        {
            var entry = _slots[slot] - 1;
            if (Entry(entry).SequenceEqual(token))
            {
                _ids[entry] = id;
                return;
            }

            slot = (slot + 1) & mask;
        }

        _slots[slot] = _count + 1;
        Append(token, id);
    }

    /// <summary>The id of a token added so far, or -1.</summary>
    public int IdOf(ReadOnlySpan<byte> token)
    {
        var mask = _slots.Length - 1;
        for (var slot = (int)(ByteHash.Compute(token) & (uint)mask); _slots[slot] != 0; slot = (slot + 1) & mask)
        {
            if (Entry(_slots[slot] - 1).SequenceEqual(token))
            {
                return _ids[_slots[slot] - 1];
            }
        }

        return -1;
    }

    /// <summary>The finished vocabulary; the builder is not used afterwards.</summary>
    public Vocabulary Build() => new(_bytes.AsSpan(0, _used).ToArray(), _starts[..(_count + 1)], _ids[..Count], _slots);

    private ReadOnlySpan<byte> Entry(int entry) => _bytes.AsSpan(_starts[entry], _starts[entry + 1] - _starts[entry]);

    private void Append(ReadOnlySpan<byte> token, int id)
    {
        if (_count == _ids.Length)
        {
            Array.Resize(ref _ids, _count * 2);
            Array.Resize(ref _starts, (_count * 2) + 1);
        }

        if (_used + token.Length > _bytes.Length)
        {
            Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, _used + token.Length));
        }

        token.CopyTo(_bytes.AsSpan(_used));
        _used += token.Length;
        _ids[_count] = id;
        _starts[++_count] = _used;
    }

    private void Rehash(int size)
    {
        _slots = new int[size];
        var mask = size - 1;
        for (var entry = 0; entry < _count; entry++)
        {
            var slot = (int)(ByteHash.Compute(Entry(entry)) & (uint)mask);
            while (_slots[slot] != 0)
            {
                slot = (slot + 1) & mask;
            }

            _slots[slot] = entry + 1;
        }
    }
}
