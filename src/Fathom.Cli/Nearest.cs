namespace Fathom.Cli;

/// <summary>Finds what somebody who mistyped a name may have meant.</summary>
internal static class Nearest
{
    /// <summary>Up to three candidates, closest first; none when nothing is close.</summary>
    internal static IReadOnlyList<string> To(string typed, IEnumerable<string> candidates) =>
    [
        .. candidates.Distinct()
            .Select(name => (name, distance: Distance(typed.ToUpperInvariant(), name.ToUpperInvariant())))
            .Where(pair => pair.distance <= Math.Max(1, Math.Min(typed.Length, pair.name.Length) / 3) || (typed.Length >= 2 && pair.name.StartsWith(typed, StringComparison.OrdinalIgnoreCase)))
            .OrderBy(pair => pair.distance).ThenBy(pair => pair.name, StringComparer.Ordinal)
            .Take(3).Select(pair => pair.name),
    ];

    /// <summary>" Did you mean 'a' or 'b'?", or nothing.</summary>
    internal static string Question(string typed, IEnumerable<string> candidates)
    {
        var near = To(typed, candidates).Select(name => $"'{name}'").ToList();
        return near.Count == 0 ? "" : $" Did you mean {string.Join(" or ", near)}?";
    }

    // Insertions, deletions, replacements and swaps of neighbours.
    private static int Distance(string a, string b)
    {
        var rows = new int[a.Length + 1, b.Length + 1];
        for (var i = 0; i <= a.Length; i++)
        {
            for (var j = 0; j <= b.Length; j++)
            {
                if (i == 0 || j == 0)
                {
                    rows[i, j] = i + j;
                    continue;
                }

                var same = a[i - 1] == b[j - 1] ? 0 : 1;
                rows[i, j] = Math.Min(Math.Min(rows[i - 1, j], rows[i, j - 1]) + 1, rows[i - 1, j - 1] + same);
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                {
                    rows[i, j] = Math.Min(rows[i, j], rows[i - 2, j - 2] + 1);
                }
            }
        }

        return rows[a.Length, b.Length];
    }
}
