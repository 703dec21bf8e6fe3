namespace Fathom.Plots.Svg;

/// <summary>A picture of known size that can be drawn at any place.</summary>
internal interface IDrawing
{
    /// <summary>In CSS pixels.</summary>
    double Width { get; }

    /// <summary>In CSS pixels.</summary>
    double Height { get; }


    void Draw(SvgCanvas canvas, double x, double y);
}
