namespace Fathom.Tokenization.Text;

/// <summary>Collects scalars with their origins.</summary>
internal sealed class TextPieceBuilder(int expected)
{
    private int[] _scalars = new int[Math.Max(expected, 8)];
    private int[] _starts = new int[Math.Max(expected, 8)];
    private int[] _ends = new int[Math.Max(expected, 8)];

    /// <summary>How many scalars.</summary>
    public int Count { get; private set; }

    /// <summary>The arrays, longer than <see cref="Count"/>; not to be used by both sides.</summary>
    public (int[] Scalars, int[] Starts, int[] Ends) Arrays => (_scalars, _starts, _ends);

    /// <summary>Appends a scalar that came from <c>[start, end)</c>.</summary>
    public void Add(int scalar, int start, int end)
    {
        if (Count == _scalars.Length)
        {
            Array.Resize(ref _scalars, Count * 2);
            Array.Resize(ref _starts, Count * 2);
            Array.Resize(ref _ends, Count * 2);
        }

        (_scalars[Count], _starts[Count], _ends[Count]) = (scalar, start, end);
        Count++;
    }
}
