namespace Fathom.Tokenization.Templates.Values;

/// <summary>A stable sort that asks only "does the later one come first?", as Python's does, and lets errors of the question through.</summary>
internal static class MergeSort
{
    /// <summary>The places of the items in sorted order.</summary>
    public static int[] Order(int count, Func<int, int, bool> laterComesFirst)
    {
        var from = Enumerable.Range(0, count).ToArray();
        var into = new int[count];
        for (var width = 1; width < count; width *= 2)
        {
            for (var start = 0; start < count; start += 2 * width)
            {
                Merge(from, into, start, Math.Min(start + width, count), Math.Min(start + (2 * width), count), laterComesFirst);
            }
            (from, into) = (into, from);
        }
        return from;
    }

    private static void Merge(int[] from, int[] into, int start, int middle, int end, Func<int, int, bool> laterComesFirst)
    {
        var (left, right) = (start, middle);
        for (var at = start; at < end; at++)
        {
            into[at] = left < middle && (right >= end || !laterComesFirst(from[right], from[left])) ? from[left++] : from[right++];
        }
    }
}
