namespace Fathom.Tokenization.Models;

/// <summary>Tokens as a model finds them in one piece: ids, and the UTF-8 bytes of the piece that each one covers.</summary>
internal sealed class TokenBuffer
{
    private int[] _ids = new int[64];
    private int[] _ends = new int[64];
    private int[] _starts = new int[64];

    /// <summary>How many tokens there are.</summary>
    public int Count { get; private set; }

    /// <summary>The ids.</summary>
    public ReadOnlySpan<int> Ids => _ids.AsSpan(0, Count);

    /// <summary>First byte of each token.</summary>
    public ReadOnlySpan<int> Starts => _starts.AsSpan(0, Count);

    /// <summary>First byte after each token.</summary>
    public ReadOnlySpan<int> Ends => _ends.AsSpan(0, Count);

    /// <summary>Forgets all tokens.</summary>
    public void Clear() => Count = 0;

    /// <summary>Forgets all tokens but the first <paramref name="count"/>.</summary>
    public void Truncate(int count) => Count = count;

    /// <summary>Adds a token.</summary>
    public void Add(int id, int start, int end)
    {
        if (Count == _ids.Length)
        {
            Array.Resize(ref _ids, Count * 2);
            Array.Resize(ref _starts, Count * 2);
            Array.Resize(ref _ends, Count * 2);
        }

        (_ids[Count], _starts[Count], _ends[Count]) = (id, start, end);
        Count++;
    }
}
