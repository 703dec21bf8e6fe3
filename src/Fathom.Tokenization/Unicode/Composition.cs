namespace Fathom.Tokenization.Unicode;

/// <summary>Canonical composition, Unicode 9.</summary>
internal static class Composition
{
    private static readonly Dictionary<(int, int), int> Pairs = UnicodeData.Pairs.Keys.ToDictionary(
        scalar => (UnicodeData.Pairs[scalar][0], UnicodeData.Pairs[scalar][1]),
        scalar => scalar);

    private static readonly ScalarSet Unstable = BuildUnstable(withCompatible: false);
    private static readonly ScalarSet UnstableCompatible = BuildUnstable(withCompatible: true);

    /// <summary>Composes decomposed, ordered scalars; each carries how many old scalars it replaces.</summary>
    public static List<(int Scalar, int Change)> Compose(List<(int Scalar, int Change)> parts)
    {
        var result = new List<(int Scalar, int Change)>(parts.Count);
        var starter = -1;
        var lastClass = 0;
        foreach (var (scalar, change) in parts)
        {
            var mark = UnicodeData.CombiningClass[scalar];
            // Blocked: something between has the same class or a higher one.
            var blocked = starter >= 0 && result.Count - 1 > starter && lastClass >= mark;
            if (starter >= 0 && !blocked && Pair(result[starter].Scalar, scalar) is >= 0 and var composed)
            {
                result[starter] = (composed, result[starter].Change + change - 1);
                continue;
            }

            if (mark == 0)
            {
                starter = result.Count;
            }

            lastClass = mark;
            result.Add((scalar, change));
        }

        return result;
    }

    /// <summary>Whether a text surely is as composition would leave it.</summary>
    public static bool IsStable(ReadOnlySpan<char> text, bool compatible)
    {
        // Below U+0300 nothing composes; below U+00A0 nothing decomposes either way.
        if (!text.ContainsAnyExceptInRange('\0', compatible ? '\x9F' : '\u02FF'))
        {
            return true;
        }

        var unstable = compatible ? UnstableCompatible : Unstable;
        foreach (var rune in text.EnumerateRunes())
        {
            if (rune.Value >= 0xA0 && unstable.Contains(rune.Value))
            {
                return false;
            }
        }

        return true;
    }

    private static int Pair(int a, int b) => Pairs.TryGetValue((a, b), out var composed) ? composed : Hangul.Compose(a, b);

    // Marks, second halves of pairs, and whatever does not come back from its own decomposition.
    private static ScalarSet BuildUnstable(bool withCompatible)
    {
        var inside = new bool[0x110000];
        foreach (var scalar in UnicodeData.Canonical.Keys)
        {
            inside[scalar] = UnicodeData.Pairs[scalar].Length == 0;
        }

        foreach (var scalar in UnicodeData.Pairs.Keys)
        {
            inside[UnicodeData.Pairs[scalar][1]] = true;
        }

        foreach (var scalar in withCompatible ? UnicodeData.Compatible.Keys : [])
        {
            inside[scalar] = true;
        }

        Array.Fill(inside, true, 0x1161, 0x11C3 - 0x1161);
        var edges = new List<int>();
        for (var c = 0; c < inside.Length; c++)
        {
            var now = inside[c] || UnicodeData.CombiningClass[c] != 0;
            if (now != (edges.Count % 2 == 1))
            {
                edges.Add(c);
            }
        }

        return new ScalarSet([.. edges]);
    }
}
