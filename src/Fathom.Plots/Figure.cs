using System.Text.Json.Serialization;
using Fathom.Plots.Files;
using Fathom.Plots.Html;
using Fathom.Plots.Json;
using Fathom.Plots.Svg;
using Fathom.Plots.Terminal;

namespace Fathom.Plots;

/// <summary>A picture of numbers as a value: look at it, save it in any format, read it back, change a part with <c>with</c>.</summary>
/// <remarks>A closed family; it knows no tensors. Everything it writes is complete in itself: no file refers to another or to the network.</remarks>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(HeatMap), "heat-map")]
[JsonDerivedType(typeof(LineChart), "line-chart")]
[JsonDerivedType(typeof(BarChart), "bar-chart")]
[JsonDerivedType(typeof(ScatterPlot), "scatter-plot")]
[JsonDerivedType(typeof(Histogram), "histogram")]
[JsonDerivedType(typeof(ColoredTokens), "colored-tokens")]
[JsonDerivedType(typeof(AttentionPatterns), "attention-patterns")]
[JsonDerivedType(typeof(SmallMultiples), "small-multiples")]
public abstract partial record Figure
{
    private protected Figure()
    {
    }

    /// <summary>What the figure shows.</summary>
    public string? Title { get; init; }

    /// <summary>A second, smaller line: the prompt, the model, the metric.</summary>
    public string? Subtitle { get; init; }

    /// <summary>A sentence or two under the figure.</summary>
    public string? Caption { get; init; }

    /// <summary>Where the numbers come from; kept in JSON and HTML.</summary>
    public ValueList<Fact> Provenance { get; init; } = [];

    [JsonIgnore]
    internal abstract string Kind { get; }

    /// <summary>The figure as one SVG document, byte for byte the same for the same figure, readable in light and dark.</summary>
    /// <exception cref="FigureDataException">The parts of the figure contradict each other.</exception>
    public string ToSvg() => SvgDocument.Of(this);

    /// <summary>The figure as one HTML page with a viewer: values under the pointer and the arrow keys. Needs no network.</summary>
    /// <exception cref="FigureDataException">The parts of the figure contradict each other.</exception>
    public string ToHtml() => HtmlPage.Of(this);

    /// <summary>The figure as a piece of HTML for a page of your own; several pieces may stand on one page.</summary>
    /// <param name="id">A name unique on that page: letters, digits and hyphens.</param>
    /// <exception cref="FigureDataException">The parts of the figure contradict each other, or <paramref name="id"/> has other characters.</exception>
    public string ToHtmlFragment(string id = "fathom") => HtmlPage.FragmentOf(this, id);

    /// <summary>The figure as JSON in the schema <c>fathom.figure/1</c>, which <see cref="FromJson"/> reads back to an equal figure.</summary>
    /// <exception cref="FigureDataException">The parts of the figure contradict each other.</exception>
    public string ToJson() => FigureJson.Write(this);

    /// <summary>The figure's numbers as comma-separated values in tidy form: one line for each value, all digits.</summary>
    /// <exception cref="FigureDataException">The parts of the figure contradict each other.</exception>
    public string ToCsv() => Valid().ToTable().ToCsv();

    /// <summary>The figure as lines of text.</summary>
    /// <param name="options">Width and colours. Null: 80 columns, plain text.</param>
    /// <exception cref="FigureDataException">The parts of the figure contradict each other.</exception>
    public string ToTerminal(TerminalOptions? options = null) => TerminalCanvas.Of(Valid(), options ?? TerminalOptions.Plain);

    /// <summary>Reads what <see cref="ToJson"/> wrote.</summary>
    /// <param name="json">A document in the schema <c>fathom.figure/1</c>.</param>
    /// <exception cref="FigureFormatException">It is not JSON, has another schema, or a key that no figure has.</exception>
    /// <exception cref="FigureDataException">The parts of the figure contradict each other.</exception>
    public static Figure FromJson(string json) => FigureJson.Read(json);

    /// <summary>Reads a saved figure.</summary>
    /// <param name="path">A <c>.json</c> file.</param>
    /// <exception cref="FigureFormatException">The file is no figure.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static Figure Load(string path) => FigureJson.Read(File.ReadAllText(path));

    /// <summary>Saves the figure in the format its name asks for: <c>.html</c>, <c>.svg</c>, <c>.json</c>, <c>.csv</c> or <c>.txt</c>.</summary>
    /// <param name="path">Where; an existing file is replaced in one step, and a failure leaves it as it was.</param>
    /// <returns>The full path of the file.</returns>
    /// <exception cref="FigureFileException">The extension is unknown, or the file cannot be written.</exception>
    /// <exception cref="FigureDataException">The parts of the figure contradict each other.</exception>
    public string Save(string path) => FigureFile.Save(path, FigureFile.FormatsOf(this));

    /// <summary>Saves the figure as a temporary page and opens it in the browser; where there is none, says where the file is.</summary>
    /// <param name="messages">Where to say it. Null: the error stream.</param>
    /// <returns>The full path of the page.</returns>
    /// <exception cref="FigureFileException">The temporary folder cannot be written.</exception>
    public string Show(TextWriter? messages = null) => Browser.Show(ToHtml(), Title ?? Kind, messages);

    /// <summary>The figure as plain text, 80 columns wide.</summary>
    public sealed override string ToString() => ToTerminal();

    internal Figure Valid()
    {
        Validate();
        return this;
    }

    internal abstract void Validate();

    internal abstract FigureTable ToTable();

    /// <summary>The picture without titles.</summary>
    /// <param name="id">What its definitions are called after.</param>
    /// <param name="room">The plot's size; null: its own choice.</param>
    /// <param name="panel">Its number among the panels of a figure.</param>
    internal abstract IDrawing Draw(string id, Room? room = null, int panel = 0);

    /// <summary>The finite values on the value axis; low above high when there are none.</summary>
    internal virtual (double Low, double High) ValueExtent() => (double.PositiveInfinity, double.NegativeInfinity);

    /// <summary>The figure with its value axis from one value to another.</summary>
    internal virtual Figure WithRange(double low, double high) => this;

    internal abstract void Write(TerminalCanvas canvas);
}
