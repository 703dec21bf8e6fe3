namespace Fathom.Tokenization.Models;

/// <summary>A trie over bytes: finds every token that a text begins with.</summary>
internal sealed class PieceTrie
{
    private readonly Dictionary<long, int> _edges = [];
    private readonly List<int> _values = [-1];
    private readonly int[] _roots = new int[256];

    /// <summary>Adds a key; the later value counts.</summary>
    public void Add(ReadOnlySpan<byte> key, int value)
    {
        var node = 0;
        foreach (var b in key)
        {
            var next = Next(node, b);
            if (next == 0)
            {
                next = _values.Count;
                _values.Add(-1);
                if (node == 0)
                {
                    _roots[b] = next;
                }
                else
                {
                    _edges[((long)node << 8) | b] = next;
                }
            }

            node = next;
        }

        _values[node] = value;
    }

    /// <summary>The node after a byte, 0 if there is none; the root is node 0.</summary>
    public int Next(int node, byte b) => node == 0 ? _roots[b] : _edges.GetValueOrDefault(((long)node << 8) | b);

    /// <summary>The value of the key that ends at a node, or -1.</summary>
    public int Value(int node) => _values[node];
}
