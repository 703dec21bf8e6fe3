namespace Fathom.Plots.Svg;

/// <summary>A scale of numbers from low to high, linear or logarithmic.</summary>
internal sealed record NumericAxis(double Low, double High, bool Logarithmic)
{
    public static NumericAxis Exactly(double low, double high) => new(low, high, false);

    /// <summary>Covers the finite values with a little room at both ends.</summary>
    public static NumericAxis Over(IEnumerable<double> values, bool logarithmic, double? minimum, double? maximum, bool fromZero)
    {
        double[] finite = [.. values.Where(v => double.IsFinite(v) && (!logarithmic || v > 0))];
        var (low, high) = finite.Length == 0 ? (logarithmic ? 1.0 : 0, logarithmic ? 10.0 : 1) : (finite.Min(), finite.Max());
        if (fromZero)
        {
            (low, high) = (Math.Min(low, 0), Math.Max(high, 0));
        }

        if (logarithmic)
        {
            var margin = low == high ? 2 : Math.Pow(high / low, 0.04);
            return new(minimum is > 0 ? minimum.Value : low / margin, maximum is > 0 ? maximum.Value : high * margin, true);
        }

        if (low == high)
        {
            var around = low == 0 ? 1 : Math.Abs(low) * 0.1;
            (low, high) = fromZero ? (low, low + 1) : (low - around, high + around);
        }

        var room = 0.05 * (high - low);
        low = fromZero && low == 0 ? 0 : low - room;
        high = fromZero && high == 0 ? 0 : high + room;
        (low, high) = (minimum ?? low, maximum ?? high);
        return low < high ? new(low, high, false) : new(low - 0.5, low + 0.5, false);
    }

    /// <summary>From 0 at the low end to 1 at the high end; outside it for values beyond.</summary>
    public double Position(double value) => Logarithmic
        ? Math.Log(value / Low) / Math.Log(High / Low)
        : (value - Low) / (High - Low);

    public bool Holds(double value) => double.IsFinite(value) && Position(value) is >= -1e-9 and <= 1 + 1e-9;

    public IReadOnlyList<(double Value, string Label)> Ticks(int about)
    {
        if (!Logarithmic)
        {
            var (values, step) = Svg.Ticks.Between(Low, High, about);
            return [.. values.Select(v => (v, Numbers.Tick(v, step)))];
        }

        var (first, last) = ((int)Math.Floor(Math.Log10(Low)), (int)Math.Ceiling(Math.Log10(High)));
        int[] within = last - first <= 2 ? [1, 2, 5] : [1];
        var every = Math.Max(1, (last - first) / Math.Max(1, about));
        return [.. Enumerable.Range(first, last - first + 1).Where(e => (e - first) % every == 0)
            .SelectMany(e => within.Select(m => m * Math.Pow(10, e))).Where(Holds).Select(v => (v, Numbers.Short(v)))];
    }
}
