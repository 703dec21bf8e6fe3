using System.Globalization;

namespace Fathom.Plots;

/// <summary>Numbers as text, the same in every culture and in the viewer's script.</summary>
internal static class Numbers
{
    public static string Whole(int value) => value.ToString(CultureInfo.InvariantCulture);

    /// <summary>All digits: reading it back gives the same value.</summary>
    public static string Exact(double value) => value.ToString("R", CultureInfo.InvariantCulture);

    /// <summary>For people: a fixed number of decimals, or four significant digits.</summary>
    public static string Short(double value, int? decimals = null)
    {
        if (!double.IsFinite(value))
        {
            return double.IsNaN(value) ? "no value" : value > 0 ? "∞" : "-∞";
        }

        if (decimals is { } places)
        {
            return Unsigned(value.ToString("F" + Whole(places), CultureInfo.InvariantCulture));
        }

        var size = Math.Abs(value);
        if (size == 0)
        {
            return "0";
        }

        return size is < 1e-4 or >= 1e7
            ? value.ToString("0.###e+0", CultureInfo.InvariantCulture)
            : Trim(value.ToString("F" + Whole(Math.Clamp(3 - (int)Math.Floor(Math.Log10(size)), 0, 8)), CultureInfo.InvariantCulture));
    }

    /// <summary>Decimals that show three digits of the largest finite value.</summary>
    public static int DecimalsFor(ReadOnlySpan<double> values)
    {
        var largest = 0.0;
        foreach (var value in values)
        {
            largest = double.IsFinite(value) ? Math.Max(largest, Math.Abs(value)) : largest;
        }

        return largest == 0 ? 0 : Math.Clamp(2 - (int)Math.Floor(Math.Log10(largest)), 0, 4);
    }

    /// <summary>A tick's label: as many decimals as the step needs.</summary>
    public static string Tick(double value, double step)
    {
        if (Math.Abs(value) < step * 1e-9)
        {
            return "0";
        }

        var size = Math.Abs(value);
        return size >= 1e6 || step < 1e-4
            ? value.ToString("0.##e+0", CultureInfo.InvariantCulture)
            : value.ToString("F" + Whole(PlacesOf(step)), CultureInfo.InvariantCulture);
    }

    /// <summary>The fewest decimals that write a step exactly: 2 for 0.25.</summary>
    private static int PlacesOf(double step)
    {
        var places = 0;
        for (var scaled = step; places < 8 && Math.Abs(scaled - Math.Round(scaled)) > 1e-6 * scaled; places++)
        {
            scaled *= 10;
        }

        return places;
    }

    private static string Trim(string text) => text.Contains('.', StringComparison.Ordinal) ? text.TrimEnd('0').TrimEnd('.') : text;

    private static string Unsigned(string text) => text.StartsWith('-') && text.All(c => c is '-' or '0' or '.') ? text[1..] : text;
}
