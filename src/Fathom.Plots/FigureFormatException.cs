namespace Fathom.Plots;

/// <summary>A text that should be a figure in the schema <c>fathom.figure/1</c> is not one.</summary>
/// <param name="message">What is wrong and what to do next.</param>
/// <param name="location">Where in the document, as a JSON path; empty for the document itself.</param>
/// <param name="inner">The parser's own complaint, where there is one.</param>
public sealed class FigureFormatException(string message, string location = "", Exception? inner = null) : FormatException(message, inner)
{
    /// <summary>Where in the document, as a JSON path; empty for the document itself.</summary>
    public string Location { get; } = location;
}
