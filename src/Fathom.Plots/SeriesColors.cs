using Fathom.Plots.Colors;

namespace Fathom.Plots;

/// <summary>Colours of series: apart for colour-blind readers, readable on white and on black.</summary>
internal static class SeriesColors
{
    private static readonly string[] Colors = ["#3a7fc2", "#d9603b", "#2a9d78", "#8a74c9", "#c99700", "#c2578e", "#6b8e23", "#808890"];

    public static string Of(int series) => Colors[series % Colors.Length];

    public static Rgb RgbOf(int series) => Rgb.Parse(Of(series));
}
