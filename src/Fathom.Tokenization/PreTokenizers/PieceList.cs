namespace Fathom.Tokenization.PreTokenizers;

/// <summary>Where pieces end: in the ids written and in the UTF-16 text.</summary>
internal sealed class PieceList
{
    private (int Ids, int Text)[] _ends = new (int, int)[64];

    /// <summary>The ends, in order.</summary>
    public ReadOnlySpan<(int Ids, int Text)> Ends => _ends.AsSpan(0, Count);

    /// <summary>How many pieces there are.</summary>
    public int Count { get; private set; }

    /// <summary>Forgets all pieces.</summary>
    public void Clear() => Count = 0;

    /// <summary>Adds a piece that ends at these places.</summary>
    public void Add(int ids, int text)
    {
        if (Count == _ends.Length)
        {
            Array.Resize(ref _ends, Count * 2);
        }

        _ends[Count++] = (ids, text);
    }
}
