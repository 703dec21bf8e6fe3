namespace Fathom.Plots.Files;

/// <summary>Picks the format by the file's extension.</summary>
internal static class FigureFile
{
    public static IReadOnlyList<(string Extension, Func<string> Text)> FormatsOf(Figure figure) =>
    [
        (".html", figure.ToHtml), (".svg", figure.ToSvg), (".json", figure.ToJson), (".csv", figure.ToCsv), (".txt", () => figure.ToTerminal()),
    ];

    public static string Save(string path, IReadOnlyList<(string Extension, Func<string> Text)> formats)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        var extension = Path.GetExtension(path);
        var known = string.Join(", ", formats.Select(f => f.Extension));
        var format = formats.FirstOrDefault(f => f.Extension.Equals(extension, StringComparison.OrdinalIgnoreCase));
        return format.Text is null
            ? throw new FigureFileException(path, $"{(extension.Length == 0 ? "the name has no extension" : $"the extension '{extension}' is unknown")}. Use one of {known}.")
            : AtomicFile.Write(path, format.Text());
    }
}
