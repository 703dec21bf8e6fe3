namespace Fathom.Loading.Checkpoints;

/// <summary>The exact fp32 value of every 8-bit float code.</summary>
internal static class Float8
{
    private static readonly Dictionary<StoredType, float[]> Tables = new()
    {
        [StoredType.F8E4M3] = Build(4, 7, code => (code & 0x7F) == 0x7F ? float.NaN : null),
        [StoredType.F8E5M2] = Build(5, 15, code => (code & 0x7F) switch
        {
            0x7C => code < 0x80 ? float.PositiveInfinity : float.NegativeInfinity,
            > 0x7C => float.NaN,
            _ => null,
        }),
        [StoredType.F8E4M3Fnuz] = Build(4, 8, code => code == 0x80 ? float.NaN : null),
        [StoredType.F8E5M2Fnuz] = Build(5, 16, code => code == 0x80 ? float.NaN : null),
        [StoredType.F8E8M0] = [.. Enumerable.Range(0, 256).Select(code => code == 255 ? float.NaN : (float)Math.ScaleB(1, code - 127))],
    };

    /// <summary>256 values, indexed by code.</summary>
    public static float[] Table(StoredType type) => Tables[type];

    private static float[] Build(int exponentBits, int bias, Func<int, float?> special)
    {
        var mantissaBits = 7 - exponentBits;
        return [.. Enumerable.Range(0, 256).Select(code => special(code) ?? Value(code))];

        float Value(int code)
        {
            int exponent = (code & 0x7F) >> mantissaBits, mantissa = code & ((1 << mantissaBits) - 1);
            var magnitude = exponent == 0
                ? Math.ScaleB(mantissa, 1 - bias - mantissaBits)
                : Math.ScaleB(mantissa + (1 << mantissaBits), exponent - bias - mantissaBits);
            return (float)(code < 0x80 ? magnitude : -magnitude);
        }
    }
}
