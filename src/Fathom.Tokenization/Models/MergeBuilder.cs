namespace Fathom.Tokenization.Models;

/// <summary>Builds a merge table from pairs of tokens in order of rank.</summary>
internal sealed class MergeBuilder(Vocabulary vocabulary, string prefix, int expected)
{
    private readonly int _prefixBytes = System.Text.Encoding.UTF8.GetByteCount(prefix);
    private byte[] _joined = new byte[256];
    private int _rank;

    /// <summary>The table so far.</summary>
    public MergeTable Table { get; } = new(expected);

    /// <summary>The token that made <see cref="TryAdd"/> fail.</summary>
    public string Missing { get; private set; } = "";

    /// <summary>Adds the next pair; false if one of the three tokens is not in the vocabulary.</summary>
    public bool TryAdd(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right)
    {
        var size = left.Length + Math.Max(0, right.Length - _prefixBytes);
        if (size > _joined.Length)
        {
            _joined = new byte[size];
        }

        left.CopyTo(_joined);
        right[Math.Min(_prefixBytes, right.Length)..].CopyTo(_joined.AsSpan(left.Length));
        var joined = _joined.AsSpan(0, size);
        if (Find(left, out var a) && Find(right, out var b) && Find(joined, out var merged))
        {
            Table.Add(a, b, _rank++, merged);
            return true;
        }

        return false;
    }

    private bool Find(ReadOnlySpan<byte> token, out int id)
    {
        id = vocabulary.IdOf(token);
        if (id < 0)
        {
            Missing = System.Text.Encoding.UTF8.GetString(token);
        }

        return id >= 0;
    }
}
