using Fathom.Configuration;

namespace Fathom.Components;

/// <summary>The angle per token of every pair of lanes, in radians, under each kind of scaling.</summary>
internal static class RotaryFrequencies
{
    /// <summary>Computes frequencies and the factor on cosines and sines.</summary>
    /// <param name="config">The rotary config.</param>
    /// <param name="longestRun">The length of the run, in tokens, which some scalings depend on.</param>
    public static (double[] Frequencies, double Factor) Of(RotaryConfig config, long longestRun) => config.Scaling switch
    {
        null => (Plain(config.Theta, config.Dim), 1),
        LinearScaling s => ([.. Plain(config.Theta, config.Dim).Select(f => f / s.Factor)], 1),
        Llama3Scaling s => ([.. Plain(config.Theta, config.Dim).Select(f => Llama3(f, s))], 1),
        DynamicScaling s => (Dynamic(config, s, longestRun), 1),
        YarnScaling s => (Yarn(config, s), s.AttentionFactor),
        LongRopeScaling s => LongRope(config, s, longestRun),
        ProportionalScaling s => ([.. Plain(config.Theta, config.Dim).Select((f, i) => i < s.Pairs ? f : 0)], 1),
        var other => throw new ArgumentOutOfRangeException(nameof(config), other, $"Rotary scaling {other.GetType().Name} has no frequencies."),
    };

    private static double[] Plain(double theta, int dim) => [.. Enumerable.Range(0, (dim + 1) / 2).Select(j => Math.Pow(theta, -2.0 * j / dim))];

    private static double Llama3(double frequency, Llama3Scaling s)
    {
        var wavelength = 2 * Math.PI / frequency;
        if (wavelength < s.OriginalContext / s.HighFrequencyFactor)
        {
            return frequency;
        }

        if (wavelength > s.OriginalContext / s.LowFrequencyFactor)
        {
            return frequency / s.Factor;
        }

        var smooth = ((s.OriginalContext / wavelength) - s.LowFrequencyFactor) / (s.HighFrequencyFactor - s.LowFrequencyFactor);
        return ((1 - smooth) * frequency / s.Factor) + (smooth * frequency);
    }

    private static double[] Dynamic(RotaryConfig config, DynamicScaling s, long longestRun)
    {
        var length = Math.Max(longestRun, s.OriginalContext);
        var stretch = (s.Factor * length / s.OriginalContext) - (s.Factor - 1);
        return Plain(config.Theta * Math.Pow(stretch, config.Dim / (config.Dim - 2.0)), config.Dim);
    }

    private static double[] Yarn(RotaryConfig config, YarnScaling s)
    {
        double Lane(double turns) => config.Dim * Math.Log(s.OriginalContext / (2 * Math.PI * turns)) / (2 * Math.Log(config.Theta));
        var (low, high) = (Lane(s.BetaFast), Lane(s.BetaSlow));
        (low, high) = s.Truncate ? (Math.Floor(low), Math.Ceiling(high)) : (low, high);
        (low, high) = (Math.Max(low, 0), Math.Min(high, config.Dim - 1));
        high = low == high ? high + 0.001 : high;
        return [.. Plain(config.Theta, config.Dim).Select((f, i) => Math.Clamp((i - low) / (high - low), 0, 1) is var t ? (f / s.Factor * t) + (f * (1 - t)) : f)];
    }

    private static (double[] Frequencies, double Factor) LongRope(RotaryConfig config, LongRopeScaling s, long longestRun)
    {
        var isLong = longestRun > s.OriginalContext;
        var factors = isLong ? s.LongFactors : s.ShortFactors;
        return ([.. Plain(config.Theta, config.Dim).Select((f, i) => f / factors[i])], isLong ? s.LongAttentionFactor : s.ShortAttentionFactor);
    }
}
