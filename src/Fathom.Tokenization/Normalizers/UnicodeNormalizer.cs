using System.Text.Json;
using Fathom.Tokenization.Files;
using Fathom.Tokenization.Text;
using Fathom.Tokenization.Unicode;

namespace Fathom.Tokenization.Normalizers;

/// <summary>NFC, NFD, NFKC and NFKD by the tables of Unicode 9, whatever the platform has.</summary>
/// <remarks>Source: Unicode Standard Annex 15. Where marks change places, what they came from stays in the old order, as in the reference.</remarks>
internal sealed class UnicodeNormalizer(bool compatible, bool compose) : Normalizer
{
    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter json) => json.WriteBlock($"NF{(compatible ? "K" : "")}{(compose ? "C" : "D")}");

    /// <inheritdoc/>
    public override void Apply(TextPiece text) => Apply(text, compatible, compose);

    /// <inheritdoc/>
    public override bool LeavesAlone(ReadOnlySpan<char> text) =>
        compose ? Composition.IsStable(text, compatible) : !text.ContainsAnyExceptInRange('\0', '\x7F');

    /// <summary>Normalizes a piece in place.</summary>
    public static void Apply(TextPiece text, bool compatible, bool compose)
    {
        if (!text.Scalars.ContainsAnyExceptInRange(0, 0x7F))
        {
            return;
        }

        var changes = Decompose(text.Scalars, compatible);
        Reorder(changes);
        if (compose)
        {
            changes = Composition.Compose(changes);
        }

        text.Transform(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(changes), 0);
    }

    private static List<(int Scalar, int Change)> Decompose(ReadOnlySpan<int> scalars, bool compatible)
    {
        var changes = new List<(int, int)>(scalars.Length);
        foreach (var scalar in scalars)
        {
            if (Hangul.TryDecompose(scalar, out var lead, out var vowel, out var tail))
            {
                changes.Add((lead, 0));
                changes.Add((vowel, 1));
                if (tail != 0)
                {
                    changes.Add((tail, 1));
                }

                continue;
            }

            var parts = scalar < 0x80 ? [] : compatible && UnicodeData.Compatible[scalar] is { Length: > 0 } wide ? wide : UnicodeData.Canonical[scalar];
            if (parts.Length == 0)
            {
                changes.Add((scalar, 0));
            }

            for (var i = 0; i < parts.Length; i++)
            {
                changes.Add((parts[i], i == 0 ? 0 : 1));
            }
        }

        return changes;
    }

    // Stable, so marks of one class keep their order.
    private static void Reorder(List<(int Scalar, int Change)> changes)
    {
        for (var start = 0; start < changes.Count; start++)
        {
            var end = start;
            while (end < changes.Count && UnicodeData.CombiningClass[changes[end].Scalar] != 0)
            {
                end++;
            }

            if (end - start > 1)
            {
                var sorted = changes[start..end].OrderBy(change => UnicodeData.CombiningClass[change.Scalar]).ToList();
                for (var i = 0; i < sorted.Count; i++)
                {
                    changes[start + i] = sorted[i];
                }
            }

            start = Math.Max(start, end);
        }
    }
}
