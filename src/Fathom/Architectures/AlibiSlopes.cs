namespace Fathom.Architectures;

/// <summary>The slope of each head's linear bias. Families agree where the number of heads is a power of two, and differ elsewhere.</summary>
/// <remarks>Source: Press et al. 2021 (arXiv:2108.12409) and the released code of BLOOM and MPT.</remarks>
internal static class AlibiSlopes
{
    /// <summary>BLOOM and Falcon: the ladder of the largest power of two not above the number of heads, then every other rung of the ladder twice as fine.</summary>
    public static IReadOnlyList<double> Bloom(int heads)
    {
        var power = 1 << (int)Math.Floor(Math.Log2(heads));
        return [.. Enumerable.Range(1, power).Select(k => Slope(k, power)), .. Enumerable.Range(0, heads - power).Select(k => Slope((2 * k) + 1, 2 * power))];
    }

    /// <summary>MPT: the ladder of the smallest power of two not below the number of heads; if they differ, its even rungs come first.</summary>
    public static IReadOnlyList<double> Mpt(int heads)
    {
        var power = 1 << (int)Math.Ceiling(Math.Log2(heads));
        double[] ladder = [.. Enumerable.Range(1, power).Select(k => Slope(k, power))];
        return power == heads ? ladder : [.. ladder.Where((_, i) => i % 2 == 1).Concat(ladder.Where((_, i) => i % 2 == 0)).Take(heads)];
    }

    /// <summary>The nearest number of eight significant bits, ties to even, as bfloat16 keeps it.</summary>
    public static double RoundedToBFloat16(double slope)
    {
        var bits = BitConverter.SingleToUInt32Bits((float)slope);
        return BitConverter.UInt32BitsToSingle((bits + 0x7FFF + ((bits >> 16) & 1)) & 0xFFFF0000);
    }

    private static double Slope(int rung, int ladder) => Math.Pow(2, -8.0 * rung / ladder);
}
