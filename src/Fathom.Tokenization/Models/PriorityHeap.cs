namespace Fathom.Tokenization.Models;

/// <summary>A binary heap of (rank, position): lowest rank first, then lowest position.</summary>
internal sealed class PriorityHeap
{
    private long[] _items = new long[256];
    private int _count;

    /// <summary>Empties the heap.</summary>
    public void Clear() => _count = 0;

    /// <summary>Adds an entry.</summary>
    public void Push(int rank, int position)
    {
        if (_count == _items.Length)
        {
            Array.Resize(ref _items, _count * 2);
        }

        var item = ((long)rank << 32) | (uint)position;
        var at = _count++;
        while (at > 0)
        {
            var parent = (at - 1) >> 1;
            if (_items[parent] <= item)
            {
                break;
            }

            _items[at] = _items[parent];
            at = parent;
        }

        _items[at] = item;
    }

    /// <summary>Takes the lowest entry.</summary>
    public bool TryPop(out int rank, out int position)
    {
        if (_count == 0)
        {
            (rank, position) = (0, 0);
            return false;
        }

        var top = _items[0];
        var item = _items[--_count];
        var at = 0;
        while (true)
        {
            var child = (2 * at) + 1;
            if (child >= _count)
            {
                break;
            }

            if (child + 1 < _count && _items[child + 1] < _items[child])
            {
                child++;
            }

            if (_items[child] >= item)
            {
                break;
            }

            _items[at] = _items[child];
            at = child;
        }

        _items[at] = item;
        (rank, position) = ((int)(top >> 32), (int)top);
        return true;
    }
}
