using System.Text.Json.Serialization;
using Fathom.Plots.Colors;
using Fathom.Plots.Json;

namespace Fathom.Plots;

/// <summary>Colours from low to high.</summary>
/// <remarks>RdBu, PuOr, Blues and Greys are ColorBrewer palettes. Source: Brewer 2003, colorbrewer2.org.
/// RdBu runs as in papers and in plotly.py: red is negative, near-white is the centre, blue is positive.</remarks>
[JsonConverter(typeof(PaletteConverter))]
public sealed record Palette
{
    private Palette(string name, bool diverging, ValueList<string> stops) => (Name, IsDiverging, Stops) = (name, diverging, stops);

    /// <summary>Diverging: red below the centre, blue above it.</summary>
    public static Palette RdBu { get; } = new("RdBu", true, ["#67001f", "#b2182b", "#d6604d", "#f4a582", "#fddbc7", "#f7f7f7", "#d1e5f0", "#92c5de", "#4393c3", "#2166ac", "#053061"]);

    /// <summary>Diverging: orange below the centre, purple above it.</summary>
    public static Palette PuOr { get; } = new("PuOr", true, ["#7f3b08", "#b35806", "#e08214", "#fdb863", "#fee0b6", "#f7f7f7", "#d8daeb", "#b2abd2", "#8073ac", "#542788", "#2d004b"]);

    /// <summary>Sequential: near-white to dark blue; for probabilities and attention patterns.</summary>
    public static Palette Blues { get; } = new("Blues", false, ["#f7fbff", "#deebf7", "#c6dbef", "#9ecae1", "#6baed6", "#4292c6", "#2171b5", "#08519c", "#08306b"]);

    /// <summary>Sequential: white to black.</summary>
    public static Palette Greys { get; } = new("Greys", false, ["#ffffff", "#f0f0f0", "#d9d9d9", "#bdbdbd", "#969696", "#737373", "#525252", "#252525", "#000000"]);

    /// <summary>Sequential: dark violet to yellow, of even perceived steps.</summary>
    public static Palette Viridis { get; } = new("Viridis", false, ["#440154", "#482878", "#3e4989", "#31688e", "#26828e", "#1f9e89", "#35b779", "#6ece58", "#b5de2b", "#fde725"]);

    /// <summary>The palettes that have a name.</summary>
    public static ValueList<Palette> Named { get; } = [RdBu, PuOr, Blues, Greys, Viridis];

    /// <summary>The palette's name.</summary>
    public string Name { get; }

    /// <summary>Whether the middle colour stands for a centre, such as "no effect".</summary>
    public bool IsDiverging { get; }

    /// <summary>Evenly spaced colours from low to high, as <c>#rrggbb</c>.</summary>
    public ValueList<string> Stops { get; }

    /// <summary>A palette of your own.</summary>
    /// <param name="name">What to call it.</param>
    /// <param name="diverging">Whether the middle colour stands for a centre.</param>
    /// <param name="stops">At least two evenly spaced colours from low to high, as <c>#rrggbb</c>.</param>
    /// <exception cref="FigureDataException">Fewer than two colours, or one that is not <c>#rrggbb</c>.</exception>
    public static Palette Of(string name, bool diverging, params ValueList<string> stops)
    {
        ArgumentNullException.ThrowIfNull(stops);
        if (stops.Count < 2)
        {
            throw new FigureDataException("palette", "at least two colours", $"{stops.Count}", "Give the low and the high colour as #rrggbb.");
        }

        return stops.FirstOrDefault(stop => !Rgb.TryParse(stop, out _)) is { } bad
            ? throw new FigureDataException("palette", "colours as #rrggbb", $"'{bad}'", "For example #2166ac.")
            : Named.FirstOrDefault(p => p.Name == name && p.IsDiverging == diverging && p.Stops.Equals(stops)) ?? new(name, diverging, stops);
    }
}
