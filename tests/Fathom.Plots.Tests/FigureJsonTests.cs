using Fathom.Plots;

namespace Fathom.Plots.Tests;

public sealed class FigureJsonTests
{
    private static HeatMap Full { get; } = new()
    {
        Title = "t </script>",
        Subtitle = "s",
        Caption = "c",
        Provenance = [new("model", "names-4l")],
        Values = new double[,] { { 1.0 / 3, double.NaN }, { double.PositiveInfinity, double.NegativeInfinity } },
        RowLabels = ["a", "\n"],
        ColumnLabels = ["日本", "\u0000"],
        Palette = Palette.Of("mine", false, "#000000", "#00ff00"),
        Minimum = -1,
        Maximum = 2,
        NoiseFloor = 0.5,
        Baseline = 0.25,
        Decimals = 2,
        ShowValues = true,
        SquareCells = true,
        FirstRowAtBottom = true,
    };

    [Fact]
    public void Reads_back_an_equal_figure() => Assert.Equal(Full, Figure.FromJson(Full.ToJson()));

    [Fact]
    public void Starts_with_its_schema_and_kind() =>
        Assert.StartsWith("{\"schema\":\"fathom.figure/1\",\"kind\":\"heat-map\"", Full.ToJson(), StringComparison.Ordinal);

    [Fact]
    public void Holds_nothing_that_ends_a_script_element() => Assert.DoesNotContain("<", Full.ToJson(), StringComparison.Ordinal);

    [Theory]
    [InlineData("[]", "object")]
    [InlineData("{", "no figure")]
    [InlineData("{\"schema\":\"fathom.figure/2\"}", "reads 'fathom.figure/1'")]
    [InlineData("{\"schema\":\"fathom.figure/1\"}", "kind")]
    [InlineData("{\"schema\":\"fathom.figure/1\",\"kind\":\"pie\",\"values\":[[1]]}", "pie")]
    [InlineData("{\"schema\":\"fathom.figure/1\",\"kind\":\"heat-map\"}", "values")]
    [InlineData("{\"schema\":\"fathom.figure/1\",\"kind\":\"heat-map\",\"values\":[[1,2],[3]]}", "Row 1 has 1 values")]
    [InlineData("{\"schema\":\"fathom.figure/1\",\"kind\":\"heat-map\",\"values\":[]}", "at least one")]
    [InlineData("{\"schema\":\"fathom.figure/1\",\"kind\":\"heat-map\",\"values\":[[1]],\"palette\":\"rdbu\"}", "Known: RdBu")]
    [InlineData("{\"schema\":\"fathom.figure/1\",\"kind\":\"heat-map\",\"values\":[[1]],\"row_lables\":[]}", "row_lables")]
    [InlineData("{\"schema\":\"fathom.figure/1\",\"kind\":\"heat-map\",\"values\":[[1]],\"row_labels\":null}", "row_labels")]
    public void Refuses_what_is_no_figure_and_says_why(string json, string says)
    {
        var error = Assert.Throws<FigureFormatException>(() => Figure.FromJson(json));
        Assert.Contains(says, error.Message, StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData("\"heat-map\",\"values\":[[1,null]]")]
    [InlineData("\"line-chart\",\"series\":[{\"y\":[1,2]}]")]
    [InlineData("\"bar-chart\",\"series\":[{\"y\":[1,2]}]")]
    [InlineData("\"scatter-plot\",\"series\":[{\"y\":[1,2]}]")]
    [InlineData("\"histogram\",\"values\":[1,2]")]
    [InlineData("\"colored-tokens\",\"tokens\":[\"a\",\"b\"],\"values\":[[1,2]]")]
    [InlineData("\"attention-patterns\",\"tokens\":[\"a\",\"b\"],\"patterns\":[[[1,0],[0.5,0.5]]]")]
    [InlineData("\"small-multiples\",\"panels\":[{\"kind\":\"heat-map\",\"values\":[[1]]}]")]
    public void A_document_with_the_numbers_alone_is_a_whole_figure(string body)
    {
        var figure = Figure.FromJson($"{{\"schema\":\"fathom.figure/1\",\"kind\":{body}}}");
        Assert.Equal(figure, Figure.FromJson(figure.ToJson()));
        Assert.Contains("</html>", figure.ToHtml(), StringComparison.Ordinal);
        Assert.NotEmpty(figure.ToSvg());
        Assert.NotEmpty(figure.ToTerminal());
        Assert.NotEmpty(figure.ToCsv());
    }
}
