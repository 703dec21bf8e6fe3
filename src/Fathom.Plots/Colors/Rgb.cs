using System.Globalization;

namespace Fathom.Plots.Colors;

/// <summary>A colour in sRGB.</summary>
internal readonly record struct Rgb(byte R, byte G, byte B)
{
    public string Hex => string.Create(CultureInfo.InvariantCulture, $"#{R:x2}{G:x2}{B:x2}");

    /// <summary>Whether white text reads better on this colour than dark text.</summary>
    public bool IsDark => Luminance < 0.30;

    private double Luminance => (0.2126 * Linear(R)) + (0.7152 * Linear(G)) + (0.0722 * Linear(B));

    public static bool TryParse(string text, out Rgb color)
    {
        color = default;
        if (text is not { Length: 7 } || text[0] != '#' || !int.TryParse(text.AsSpan(1), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var bits))
        {
            return false;
        }

        color = new((byte)(bits >> 16), (byte)(bits >> 8), (byte)bits);
        return true;
    }

    public static Rgb Parse(string text) => TryParse(text, out var color) ? color : throw new FormatException($"'{text}' is not a colour as #rrggbb.");

    public static Rgb Mix(Rgb a, Rgb b, double t) => new(Mix(a.R, b.R, t), Mix(a.G, b.G, t), Mix(a.B, b.B, t));

    private static byte Mix(byte a, byte b, double t) => (byte)Math.Round(a + ((b - a) * t), MidpointRounding.AwayFromZero);

    private static double Linear(byte channel)
    {
        var c = channel / 255.0;
        return c <= 0.04045 ? c / 12.92 : Math.Pow((c + 0.055) / 1.055, 2.4);
    }
}
