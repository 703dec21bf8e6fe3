using Fathom.Plots.Colors;

namespace Fathom.Plots;

/// <summary>Colours of series: apart for colour-blind readers, readable on white and on black.</summary>
internal static class SeriesColors
{
    private static readonly string[] Colors = ["#3a7fc2", "#d9603b", "#2a9d78", "#8a74c9", "#c99700", "#c2578e", "#6b8e23", "#808890"];

    public static string Of(int series) => Colors[series % Colors.Length];

    /// <summary>Whether an earlier series has the same colour, so that this one is dashed or paler.</summary>
    public static bool Repeats(int series) => series / Colors.Length % 2 == 1;

    public static Rgb RgbOf(int series) => Rgb.Parse(Of(series));
}
