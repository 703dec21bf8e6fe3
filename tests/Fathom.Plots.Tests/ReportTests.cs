namespace Fathom.Plots.Tests;

public sealed class ReportTests
{
    private static Report Small { get; } = new Report("Notebook <1>", "names-4l")
        .Heading("First")
        .Paragraph("One & two.\n\nThree.")
        .Table(["token", "logit"], [[" Hart", "17.72"], ["</td>", "-1"]])
        .Preformatted("a\tb\n<pre>")
        .Heading("Second")
        .Figure(Samples.Map("Map", 1))
        .Heading("Third")
        .Figure(Samples.Map("Other", 2));

    [Fact]
    public void Is_one_page_with_its_parts_in_order()
    {
        var html = Small.ToHtml();
        string[] parts =
        [
            "<h1>Notebook &lt;1&gt;</h1>", "names-4l", "<nav", "<h2 id=\"section-1\">First</h2>", "<p>One &amp; two.</p>\n<p>Three.</p>", "<th scope=\"col\">token</th><th scope=\"col\" class=\"fathom-number\">logit</th>",
            "<td> Hart</td><td class=\"fathom-number\">17.72</td>", "<td>&lt;/td&gt;</td>", "a\tb\n&lt;pre&gt;</pre>", "section-2", "id=\"figure-1\"", "section-3", "id=\"figure-2\"",
        ];
        var at = -1;
        foreach (var part in parts)
        {
            var next = html.IndexOf(part, at + 1, StringComparison.Ordinal);
            Assert.True(next > at, $"{part} is missing or out of place");
            at = next;
        }
    }

    [Fact]
    public void Gives_each_figure_its_own_names()
    {
        var html = Small.ToHtml();
        Assert.Contains("id=\"figure-1-hatch\"", html, StringComparison.Ordinal);
        Assert.Contains("url(#figure-2-hatch)", html, StringComparison.Ordinal);
        Assert.Equal(1, html.Split("id=\"figure-1-bar\"").Length - 1);
    }

    [Fact]
    public void Refuses_a_row_with_another_number_of_cells()
    {
        var error = Assert.Throws<FigureDataException>(() => new Report("r").Table(["a", "b"], [["1", "2"], ["3"]]));
        Assert.Equal("rows[1]", error.Part);
    }

    [Fact]
    public void Reads_as_text()
    {
        var text = Small.ToTerminal();
        Assert.StartsWith("Notebook <1>\n============\nnames-4l\n", text, StringComparison.Ordinal);
        Assert.Contains("token  logit\n Hart  17.72\n</td>     -1\n", text, StringComparison.Ordinal);
        Assert.Contains("\n\nFirst\n-----\n", text, StringComparison.Ordinal);
    }
}
