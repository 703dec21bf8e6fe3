namespace Fathom.Loading.Checkpoints;

/// <summary>The names closest to one that does not exist.</summary>
internal static class NearestNames
{
    /// <summary>Up to five names in quotes, nearest first, or "(none)".</summary>
    public static string List(string wanted, IEnumerable<string> names)
    {
        // Long names are cut and lists are capped: this runs on what an untrusted file claims.
        var best = names.Take(100_000).Select(n => (Name: n, Distance: Distance(Cut(wanted), Cut(n)))).OrderBy(p => p.Distance).Take(5).Select(p => $"'{p.Name}'");
        return string.Join(", ", best.DefaultIfEmpty("(none)"));
    }

    private static string Cut(string text) => text.Length <= 80 ? text : text[..80];

    private static int Distance(string a, string b)
    {
        Span<int> row = stackalloc int[b.Length + 1];
        for (var j = 0; j <= b.Length; j++)
        {
            row[j] = j;
        }

        for (var i = 1; i <= a.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var above = row[j];
                row[j] = Math.Min(Math.Min(row[j], row[j - 1]) + 1, diagonal + (a[i - 1] == b[j - 1] ? 0 : 1));
                diagonal = above;
            }
        }

        return row[b.Length];
    }
}
