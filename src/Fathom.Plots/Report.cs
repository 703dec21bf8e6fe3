using Fathom.Plots.Files;
using Fathom.Plots.Reports;

namespace Fathom.Plots;

/// <summary>A page of headings, words, tables, program output and figures, complete in one file.</summary>
/// <param name="title">The page's title.</param>
/// <param name="subtitle">A line under it: what was run, on which model.</param>
/// <remarks>The methods append a part and return the report, so that a page reads as a chain.</remarks>
public sealed class Report(string title, string? subtitle = null)
{
    private readonly List<ReportPart> parts = [];

    /// <summary>The page's title.</summary>
    public string Title { get; } = title ?? throw new ArgumentNullException(nameof(title));

    /// <summary>The line under the title.</summary>
    public string? Subtitle { get; } = subtitle;

    internal IReadOnlyList<ReportPart> Parts => parts;

    /// <summary>Appends a section's heading. A page with several gets a table of contents.</summary>
    /// <param name="text">The heading.</param>
    public Report Heading(string text) => Append(new HeadingPart(NotNull(text)));

    /// <summary>Appends a paragraph of plain text.</summary>
    /// <param name="text">The words; a blank line starts another paragraph.</param>
    public Report Paragraph(string text) => Append(new ParagraphPart(NotNull(text)));

    /// <summary>Appends program output or code, line by line as it is.</summary>
    /// <param name="text">The lines.</param>
    public Report Preformatted(string text) => Append(new PreformattedPart(NotNull(text)));

    /// <summary>Appends a table; columns of numbers stand right.</summary>
    /// <param name="columns">The head of each column.</param>
    /// <param name="rows">The cells, as many in each row as there are columns.</param>
    /// <exception cref="FigureDataException">A row has another number of cells.</exception>
    public Report Table(ValueList<string> columns, IEnumerable<ValueList<string>> rows)
    {
        ArgumentNullException.ThrowIfNull(columns);
        ValueList<string>[] all = [.. rows];
        for (var row = 0; row < all.Length; row++)
        {
            Check.Count(all[row].Count, columns.Count, $"rows[{row}]", "columns");
        }

        return Append(new TablePart(columns, all));
    }

    /// <summary>Appends a figure.</summary>
    /// <param name="figure">The figure.</param>
    /// <exception cref="FigureDataException">The parts of the figure contradict each other.</exception>
    public Report Figure(Figure figure)
    {
        ArgumentNullException.ThrowIfNull(figure);
        return Append(new FigurePart(figure.Valid()));
    }

    /// <summary>The report as one HTML page that needs nothing else.</summary>
    public string ToHtml() => ReportHtml.Of(this);

    /// <summary>The report as lines of text.</summary>
    /// <param name="options">Width and colours. Null: 80 columns, plain text.</param>
    public string ToTerminal(TerminalOptions? options = null) => ReportTerminal.Of(this, options ?? TerminalOptions.Plain);

    /// <summary>Saves the report as <c>.html</c> or <c>.txt</c>.</summary>
    /// <param name="path">Where; an existing file is replaced in one step, and a failure leaves it as it was.</param>
    /// <returns>The full path of the file.</returns>
    /// <exception cref="FigureFileException">The extension is unknown, or the file cannot be written.</exception>
    public string Save(string path) => FigureFile.Save(path, [(".html", ToHtml), (".txt", () => ToTerminal())]);

    /// <summary>Saves the report as a temporary page and opens it in the browser; where there is none, says where the file is.</summary>
    /// <param name="messages">Where to say it. Null: the error stream.</param>
    /// <returns>The full path of the page.</returns>
    /// <exception cref="FigureFileException">The temporary folder cannot be written.</exception>
    public string Show(TextWriter? messages = null) => Browser.Show(ToHtml(), Title, messages);

    private static string NotNull(string text) => text ?? throw new ArgumentNullException(nameof(text));

    private Report Append(ReportPart part)
    {
        parts.Add(part);
        return this;
    }
}
