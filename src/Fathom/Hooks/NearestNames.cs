namespace Fathom.Hooks;

/// <summary>Finds the names a mistyped one probably meant.</summary>
public static class NearestNames
{
    /// <summary>Returns up to <paramref name="count"/> of <paramref name="known"/>, nearest first, by edit distance; far ones are left out.</summary>
    /// <param name="name">What was asked for.</param>
    /// <param name="known">What exists.</param>
    /// <param name="count">The most names to return.</param>
    public static IReadOnlyList<string> To(string name, IEnumerable<string> known, int count = 3)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(known);
        var limit = Math.Max(2, name.Length / 2);
        return [.. known.Distinct().Select(k => (Name: k, Distance: Distance(name, k)))
            .Where(k => k.Distance <= limit)
            .OrderBy(k => k.Distance).ThenBy(k => k.Name, StringComparer.Ordinal)
            .Take(count).Select(k => k.Name)];
    }

    /// <summary>Writes the suggestion as a clause that ends an error message, or nothing when there is none.</summary>
    /// <param name="name">What was asked for.</param>
    /// <param name="known">What exists.</param>
    public static string Clause(string name, IEnumerable<string> known) =>
        To(name, known) is { Count: > 0 } near ? $" Did you mean {string.Join(" or ", near.Select(n => $"'{n}'"))}?" : "";

    private static int Distance(string a, string b)
    {
        Span<int> row = stackalloc int[Math.Min(b.Length, 255) + 1];
        var width = row.Length - 1;
        for (var j = 0; j <= width; j++)
        {
            row[j] = j;
        }

        for (var i = 1; i <= Math.Min(a.Length, 255); i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= width; j++)
            {
                var cost = char.ToLowerInvariant(a[i - 1]) == char.ToLowerInvariant(b[j - 1]) ? 0 : 1;
                (diagonal, row[j]) = (row[j], Math.Min(Math.Min(row[j], row[j - 1]) + 1, diagonal + cost));
            }
        }

        return row[width];
    }
}
