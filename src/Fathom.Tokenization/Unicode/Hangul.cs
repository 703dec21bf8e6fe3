namespace Fathom.Tokenization.Unicode;

/// <summary>Korean syllables, which compose by arithmetic.</summary>
/// <remarks>Source: The Unicode Standard, section 3.12.</remarks>
internal static class Hangul
{
    private const int First = 0xAC00;
    private const int Leads = 0x1100;
    private const int Vowels = 0x1161;
    private const int Tails = 0x11A7;
    private const int LeadCount = 19;
    private const int VowelCount = 21;
    private const int TailCount = 28;

    /// <summary>The two or three letters of a syllable; <paramref name="tail"/> is 0 for two.</summary>
    public static bool TryDecompose(int scalar, out int lead, out int vowel, out int tail)
    {
        var index = scalar - First;
        if ((uint)index >= LeadCount * VowelCount * TailCount)
        {
            (lead, vowel, tail) = (0, 0, 0);
            return false;
        }

        lead = Leads + (index / (VowelCount * TailCount));
        vowel = Vowels + (index / TailCount % VowelCount);
        tail = index % TailCount is > 0 and var offset ? Tails + offset : 0;
        return true;
    }

    /// <summary>What two letters compose to, or -1.</summary>
    public static int Compose(int a, int b)
    {
        var (lead, vowel) = (a - Leads, b - Vowels);
        if ((uint)lead < LeadCount && (uint)vowel < VowelCount)
        {
            return First + (((lead * VowelCount) + vowel) * TailCount);
        }

        var (syllable, tail) = (a - First, b - Tails);
        return (uint)syllable < LeadCount * VowelCount * TailCount && syllable % TailCount == 0 && tail is > 0 and < TailCount ? a + tail : -1;
    }
}
