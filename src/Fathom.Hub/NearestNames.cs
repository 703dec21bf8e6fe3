namespace Fathom.Hub;

/// <summary>Finds the names that a mistyped one was probably meant to be.</summary>
internal static class NearestNames
{
    /// <summary>The likeliest of <paramref name="names"/>, one for each of what they stand for.</summary>
    public static IReadOnlyList<string> Of(string typed, IEnumerable<(string Name, string StandsFor)> names, int count)
    {
        var asked = Letters(typed[(typed.LastIndexOf('/') + 1)..]);
        if (asked.Length is 0 or > 100)
        {
            return [];
        }

        return [.. names
            .Select(n => (n.Name, n.StandsFor, Distance: Distance(asked, Letters(n.Name[(n.Name.LastIndexOf('/') + 1)..]))))
            .Where(n => n.Distance <= Math.Max(2, asked.Length / 3))
            .OrderBy(n => n.Distance).ThenBy(n => n.Name.Length).ThenBy(n => n.Name, StringComparer.Ordinal)
            .DistinctBy(n => n.StandsFor)
            .Take(count).Select(n => n.Name)];
    }

    private static string Letters(string name) => new([.. name.ToLowerInvariant().Where(char.IsLetterOrDigit)]);

    // Insertions, deletions, replacements and swaps of neighbours each count one.
    private static int Distance(string a, string b)
    {
        var d = new int[a.Length + 1, b.Length + 1];
        for (var i = 0; i <= a.Length; i++)
        {
            for (var j = 0; j <= b.Length; j++)
            {
                if (i == 0 || j == 0)
                {
                    d[i, j] = i + j;
                    continue;
                }

                var change = d[i - 1, j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
                d[i, j] = Math.Min(change, Math.Min(d[i - 1, j], d[i, j - 1]) + 1);
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                {
                    d[i, j] = Math.Min(d[i, j], d[i - 2, j - 2] + 1);
                }
            }
        }

        return d[a.Length, b.Length];
    }
}
