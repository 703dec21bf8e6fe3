using Fathom.Loading.Checkpoints.Bytes;

namespace Fathom.Loading.Checkpoints.Torch;

/// <summary>Recently read stretches of a file, for strided views: a column of a matrix touches one element in each row again and again.</summary>
internal sealed class StorageWindow(ByteSource source, int width)
{
    private const int Page = 1 << 12, Pages = 1 << 12;

    private readonly Dictionary<long, byte[]> _pages = [];

    /// <summary>Copies the element at a position.</summary>
    public void Element(long position, Span<byte> destination)
    {
        var (page, offset) = Math.DivRem(position, Page);
        if (offset + width <= Page)
        {
            Load(page).AsSpan((int)offset, width).CopyTo(destination);
            return;
        }

        source.Read(position, destination);
    }

    private byte[] Load(long page)
    {
        if (!_pages.TryGetValue(page, out var bytes))
        {
            // Forgetting everything at once keeps the bookkeeping out of the inner loop; 16 MiB hold 4,096 rows.
            if (_pages.Count == Pages)
            {
                _pages.Clear();
            }

            bytes = source.Read(page * Page, (int)Math.Min(Page, source.Length - (page * Page)));
            _pages.Add(page, bytes);
        }

        return bytes;
    }
}
