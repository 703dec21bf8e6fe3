using Fathom.Plots;

namespace Fathom.Plots.Tests;

public sealed class SaveTests : IDisposable
{
    private static readonly HeatMap Map = Figure.HeatMap(new double[,] { { 1, -1 } }, "Two cells");
    private readonly string folder = Directory.CreateTempSubdirectory("fathom-plots-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [InlineData("a.html", "<!doctype html>")]
    [InlineData("a.svg", "<svg")]
    [InlineData("a.json", "{\"schema\"")]
    [InlineData("a.csv", "row,column,value")]
    [InlineData("a.txt", "Two cells")]
    [InlineData("new/folder/A.SVG", "<svg")]
    public void Picks_the_format_by_the_extension(string name, string start)
    {
        var path = Map.Save(Path.Combine(folder, name));
        Assert.StartsWith(start, File.ReadAllText(path), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a.pdf", "the extension '.pdf' is unknown. Use one of .html, .svg, .json, .csv, .txt.")]
    [InlineData("a", "the name has no extension. Use one of .html")]
    public void Refuses_an_unknown_extension_with_the_list(string name, string says)
    {
        var error = Assert.Throws<FigureFileException>(() => Map.Save(Path.Combine(folder, name)));
        Assert.Contains(says, error.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(folder));
    }

    [Fact]
    public void Leaves_no_partial_file_when_it_fails()
    {
        var taken = Directory.CreateDirectory(Path.Combine(folder, "taken.svg")).FullName;
        Assert.Contains("it is a folder", Assert.Throws<FigureFileException>(() => Map.Save(taken)).Message, StringComparison.Ordinal);
        File.WriteAllText(Path.Combine(folder, "file"), "");
        Assert.Throws<FigureFileException>(() => Map.Save(Path.Combine(folder, "file", "a.svg")));
        Assert.Throws<FigureDataException>(() => (Map with { RowLabels = ["a", "b"] }).Save(Path.Combine(folder, "b.svg")));
        Assert.Equal(["file"], Directory.GetFiles(folder).Select(Path.GetFileName));
    }

    [Fact]
    public void Says_where_the_page_is_when_no_browser_opens()
    {
        using var messages = new StringWriter();
        var path = Files.Browser.Show(Map.ToHtml(), "Two /../ cells: </title>", messages, open: _ => false);
        try
        {
            Assert.Equal($"The figure is in {path}; open it in a browser.", messages.ToString().TrimEnd());
            Assert.StartsWith("two-cells-title-", Path.GetFileName(path).Replace("--", "-", StringComparison.Ordinal), StringComparison.Ordinal);
            Assert.StartsWith("<!doctype html>", File.ReadAllText(path), StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void Says_so_when_the_folder_takes_no_files()
    {
        Assert.SkipUnless(Directory.Exists("/proc/self"), "This system has no folder that refuses files even to its administrator.");
        var error = Assert.Throws<FigureFileException>(() => Map.Save("/proc/self/figure.svg"));
        Assert.Equal("Cannot save '/proc/self/figure.svg': its folder takes no new files. Choose another folder.", error.Message);
    }

    [Fact]
    public void Replaces_a_file_whole()
    {
        var path = Path.Combine(folder, "a.svg");
        File.WriteAllText(path, new string('x', 1_000_000));
        Map.Save(path);
        Assert.Equal(Map.ToSvg(), File.ReadAllText(path));
    }
}
