using Fathom.Plots;

namespace Fathom.Plots.Tests;

public sealed class HeatMapTests
{
    private static readonly string[] Tokens = ["<|endoftext|>", "Her", " Hart"];

    private static HeatMap Small { get; } = new()
    {
        Title = "Patching with Alex/Carroll/Alex",
        Values = new double[,] { { 17.5, double.NaN, -17.5 }, { 0.001, 8, double.PositiveInfinity } },
        RowTitle = "Layer",
        ColumnTitle = "Position",
        ValueTitle = "Logit difference",
        ColumnLabels = TokenLabels.WithPositions(Tokens),
        NoiseFloor = 0.01,
    };

    [Fact]
    public void Says_row_column_and_value_of_a_cell() =>
        Assert.Contains("<title>Layer: 0\nPosition: (pos 2)  Hart\nLogit difference: -17.5</title>", Small.ToSvg(), StringComparison.Ordinal);

    [Fact]
    public void Draws_positive_blue_and_negative_red_as_ColorBrewer_does()
    {
        var svg = Small.ToSvg();
        Assert.Contains("fill=\"#053061\"><title>Layer: 0\nPosition: (pos 0)", svg, StringComparison.Ordinal);
        Assert.Contains("fill=\"#67001f\"><title>Layer: 0\nPosition: (pos 2)", svg, StringComparison.Ordinal);
        Assert.Contains("fill=\"#f7f7f7\"><title>Layer: 1\nPosition: (pos 0)", svg, StringComparison.Ordinal);
    }

    [Fact]
    public void Never_colours_a_cell_without_a_finite_value()
    {
        var svg = Small.ToSvg();
        Assert.Contains("fill=\"none\" pointer-events=\"all\"><title>Layer: 0\nPosition: (pos 1) Her\nLogit difference: no value", svg, StringComparison.Ordinal);
        Assert.Contains("fill=\"none\" pointer-events=\"all\"><title>Layer: 1\nPosition: (pos 2)  Hart\nLogit difference: ∞", svg, StringComparison.Ordinal);
        Assert.Contains("2 cells have no finite value", svg, StringComparison.Ordinal);
    }

    [Fact]
    public void Marks_cells_below_the_noise_floor_and_says_so()
    {
        Assert.Contains("Logit difference: 0.001 (within the noise floor)", Small.ToSvg(), StringComparison.Ordinal);
        Assert.Contains("within 0.01 of 0, the noise floor", Small.ToSvg(), StringComparison.Ordinal);
    }

    [Fact]
    public void Names_of_heads_that_are_thinned_stand_where_a_layer_begins()
    {
        var svg = Sweeps.SweepSamples.All["heads by heads"].ToSvg();
        Assert.Equal(Enumerable.Range(0, 12).Select(l => $">L{l} H0</text>").Where(text => svg.Split(text).Length != 3), []);
        Assert.DoesNotContain(">L0 H5</text>", svg, StringComparison.Ordinal);
    }

    [Fact]
    public void Gives_the_same_bytes_twice() => Assert.Equal(Small.ToSvg(), (Small with { Title = Small.Title }).ToSvg());

    [Fact]
    public void Writes_tidy_csv_with_all_digits()
    {
        var lines = (Small with { Values = new double[,] { { 0.1, 1.0 / 3, double.NaN }, { 1e-300, -2, 5 } } }).ToCsv().Split('\n');
        Assert.Equal("Layer,Position,Logit difference", lines[0]);
        Assert.Equal("0,(pos 1) Her,0.3333333333333333", lines[2]);
        Assert.Equal("0,(pos 2)  Hart,NaN", lines[3]);
        Assert.Equal("1,(pos 0) <|endoftext|>,1E-300", lines[4]);
    }

    [Fact]
    public void Refuses_labels_that_do_not_fit_the_values()
    {
        var error = Assert.Throws<FigureDataException>(() => (Small with { RowLabels = ["a", "b", "c"] }).ToSvg());
        Assert.Equal("Figure: 'RowLabels' expects 2, one for each of the 2 rows, or none; found 3. Pass them in the order of the values.", error.Message);
        Assert.Equal("RowLabels", error.Part);
    }

    [Fact]
    public void Refuses_an_empty_grid()
    {
        var error = Assert.Throws<FigureDataException>(() => Figure.HeatMap(new double[0, 4]));
        Assert.Contains("at least one row and one column; found 0 x 4", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(13, 9)]
    [InlineData(13, 256)]
    [InlineData(48, 64)]
    [InlineData(1, 3000)]
    [InlineData(3000, 1)]
    public void Draws_any_size_and_every_kind_of_nothing(int rows, int columns)
    {
        foreach (var value in new[] { 0, 3.5, double.NaN, double.NegativeInfinity })
        {
            var map = new HeatMap { Values = Grid.Of(rows, columns, Enumerable.Repeat(value, rows * columns)) };
            Assert.DoesNotContain("NaN", map.ToSvg(), StringComparison.Ordinal);
            Assert.EndsWith("</svg>\n", map.ToSvg(), StringComparison.Ordinal);
            Assert.All(map.ToTerminal().Split('\n'), line => Assert.True(line.Length <= 80, line));
        }
    }
}
