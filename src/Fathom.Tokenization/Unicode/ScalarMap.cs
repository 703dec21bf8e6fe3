namespace Fathom.Tokenization.Unicode;

/// <summary>A map from some Unicode scalars to short rows of scalars.</summary>
internal sealed class ScalarMap
{
    private readonly ushort[] _pageOf = new ushort[0x110000 >> 7];
    private readonly List<int[]> _pages = [new int[128]];
    private readonly List<int[]> _values = [[]];

    /// <summary>The scalars that are mapped.</summary>
    public List<int> Keys { get; } = [];

    /// <summary>Maps a scalar.</summary>
    public void Add(int scalar, int[] value)
    {
        ref var page = ref _pageOf[scalar >> 7];
        if (page == 0)
        {
            page = (ushort)_pages.Count;
            _pages.Add(new int[128]);
        }

        _pages[page][scalar & 127] = _values.Count;
        _values.Add(value);
        Keys.Add(scalar);
    }

    /// <summary>What a scalar is mapped to; empty if it is not.</summary>
    public int[] this[int scalar] => _values[_pages[_pageOf[scalar >> 7]][scalar & 127]];
}
