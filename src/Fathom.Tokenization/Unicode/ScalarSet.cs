using System.Runtime.CompilerServices;

namespace Fathom.Tokenization.Unicode;

/// <summary>A set of Unicode scalars: sorted ranges to compute with, a two-level bitmap to ask.</summary>
internal sealed class ScalarSet
{
    private const int Top = 0x110000;
    private readonly int[] _edges;
    private readonly ulong _low;
    private readonly ulong _high;
    private Page[]? _pages;

    /// <param name="edges">Sorted: first scalar inside, first after, first inside again, ...</param>
    public ScalarSet(int[] edges)
    {
        _edges = edges;
        for (var i = 0; i + 1 < edges.Length && edges[i] < 128; i += 2)
        {
            for (var c = edges[i]; c < Math.Min(128, edges[i + 1]); c++)
            {
                (c < 64 ? ref _low : ref _high) |= 1UL << (c & 63);
            }
        }
    }

    /// <summary>No scalar.</summary>
    public static ScalarSet Empty { get; } = new([]);

    /// <summary>The edges.</summary>
    public ReadOnlySpan<int> Edges => _edges;

    /// <summary>One scalar.</summary>
    public static ScalarSet Of(int scalar) => Range(scalar, scalar);

    /// <summary>From <paramref name="first"/> to <paramref name="last"/>, both inside.</summary>
    public static ScalarSet Range(int first, int last) => new([first, last + 1]);

    /// <summary>Whether a scalar is inside.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Contains(int scalar) =>
        scalar < 64 ? ((_low >> scalar) & 1) != 0
        : scalar < 128 ? ((_high >> scalar) & 1) != 0
        : (_pages ?? BuildPages())[scalar >> 8].Contains(scalar);

    /// <summary>All scalars of either set.</summary>
    public ScalarSet Union(ScalarSet other) => Combine(other, (a, b) => a || b);

    /// <summary>All scalars of both sets.</summary>
    public ScalarSet Intersect(ScalarSet other) => Combine(other, (a, b) => a && b);

    /// <summary>All scalars that are not in this set.</summary>
    public ScalarSet Complement()
    {
        var edges = new List<int>(_edges.Length + 2);
        if (_edges.Length == 0 || _edges[0] != 0)
        {
            edges.Add(0);
            edges.AddRange(_edges);
        }
        else
        {
            edges.AddRange(_edges[1..]);
        }

        if (edges.Count > 0 && edges[^1] == Top)
        {
            edges.RemoveAt(edges.Count - 1);
        }
        else
        {
            edges.Add(Top);
        }

        return new ScalarSet([.. edges]);
    }

    private ScalarSet Combine(ScalarSet other, Func<bool, bool, bool> keep)
    {
        var edges = new List<int>();
        int i = 0, j = 0;
        var inside = false;
        while (i < _edges.Length || j < other._edges.Length)
        {
            var at = Math.Min(i < _edges.Length ? _edges[i] : int.MaxValue, j < other._edges.Length ? other._edges[j] : int.MaxValue);
            i += i < _edges.Length && _edges[i] == at ? 1 : 0;
            j += j < other._edges.Length && other._edges[j] == at ? 1 : 0;
            if (keep((i & 1) != 0, (j & 1) != 0) != inside)
            {
                edges.Add(at);
                inside = !inside;
            }
        }

        return new ScalarSet([.. edges]);
    }

    private Page[] BuildPages()
    {
        var pages = new Page[Top >> 8];
        for (var i = 0; i < _edges.Length; i += 2)
        {
            for (var c = _edges[i]; c < _edges[i + 1];)
            {
                var page = c >> 8;
                var end = Math.Min(_edges[i + 1], (page + 1) << 8);
                if (end - c == 256)
                {
                    pages[page] = Page.Full;
                    c = end;
                    continue;
                }

                pages[page] ??= new Page();
                for (; c < end; c++)
                {
                    pages[page].Add(c);
                }
            }
        }

        for (var page = 0; page < pages.Length; page++)
        {
            pages[page] ??= Page.None;
        }

        return _pages = pages;
    }

    private sealed class Page
    {
        public static readonly Page None = new();
        public static readonly Page Full = new(ulong.MaxValue);
        private readonly ulong[] _bits;

        public Page(ulong fill = 0) => _bits = [fill, fill, fill, fill];

        public bool Contains(int scalar) => ((_bits[(scalar >> 6) & 3] >> scalar) & 1) != 0;

        public void Add(int scalar) => _bits[(scalar >> 6) & 3] |= 1UL << scalar;
    }
}
