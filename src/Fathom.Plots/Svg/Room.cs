namespace Fathom.Plots.Svg;

/// <summary>The size that a plot may take, labels not counted, in CSS pixels.</summary>
internal readonly record struct Room(double Width, double Height)
{
    /// <summary>A figure of its own.</summary>
    public static Room Whole { get; } = new(640, 420);
}
