using System.Globalization;
using System.Text;

namespace Fathom.Tokenization.Unicode;

/// <summary>Extended grapheme clusters: what people see as one character.</summary>
internal static class GraphemeClusters
{
    /// <summary>How many scalars the cluster at <paramref name="at"/> has.</summary>
    public static int Length(ReadOnlySpan<int> scalars, int at)
    {
        if (at + 1 < scalars.Length && scalars[at] < 0x300 && scalars[at + 1] < 0x300 && scalars[at] != '\r')
        {
            return 1; // Nothing below the combining marks extends a cluster, but for CR LF.
        }

        Span<char> text = stackalloc char[128];
        for (var window = 16; ; window *= 4)
        {
            var taken = Math.Min(window, scalars.Length - at);
            var buffer = taken * 2 <= text.Length ? text : new char[taken * 2];
            var units = 0;
            for (var i = 0; i < taken; i++)
            {
                units += new Rune(scalars[at + i]).EncodeToUtf16(buffer[units..]);
            }

            var element = StringInfo.GetNextTextElementLength(buffer[..units]);
            if (element < units || taken == scalars.Length - at)
            {
                var count = 0;
                foreach (var _ in buffer[..element].EnumerateRunes())
                {
                    count++;
                }

                return count;
            }
        }
    }
}
