namespace Fathom.Plots.Tests;

/// <summary>The pictures in docs/plots.md are what the library draws, byte for byte.</summary>
public sealed class DocsPicturesTests
{
    private static readonly ValueList<string> Tokens = ["<|endoftext|>", "Her", " name", " was", " Alex", " Hart", ".", " When", " Alex"];

    private static readonly HeatMap Carroll = new()
    {
        Title = "Patching with Alex/Carroll/Alex",
        Subtitle = "names-4l, residual stream, from the Carroll run into the Hart run",
        Values = Grid.FromRows(
        [
            [17.721, 17.721, 17.721, 17.721, 17.721, -17.824, 17.721, 17.721, 17.721],
            [17.721, 17.721, 17.721, 17.721, 17.721, -17.906, 17.56, 17.666, 17.967],
            [17.721, 17.721, 17.721, 17.721, 17.721, 11.681, 17.568, 17.68, -9.848],
            [17.721, 17.721, 17.721, 17.721, 17.721, 17.637, 17.699, 17.753, -17.71],
            [17.721, 17.721, 17.721, 17.721, 17.721, 17.721, 17.721, 17.721, -17.824],
        ]),
        RowTitle = "Layer",
        ColumnTitle = "Position",
        ValueTitle = "Logit difference",
        RowLabels = ["embed", "0", "1", "2", "3"],
        ColumnLabels = TokenLabels.WithPositions(Tokens),
        Baseline = 17.721,
        NoiseFloor = 0.01,
    };

    public static TheoryData<string> Names => [.. Pictures.Keys];

    private static Dictionary<string, Figure> Pictures { get; } = new()
    {
        ["heat-map"] = Carroll,
        ["small-multiples"] = Figure.SmallMultiples(
            Enumerable.Range(0, 3).Select(i => new HeatMap
            {
                Title = $"Layer {i + 1}",
                Values = Grid.Of(4, 9, Enumerable.Range(0, 36).Select(k => (k % 9 == 5 + i ? 1.5 - i : 0) + (((k * 7 % 5) - 2) * 0.05))),
                RowTitle = "Head",
                ColumnTitle = "Position",
                ValueTitle = "Effect",
            }),
            "One scale for all panels"),
        ["line-chart"] = new LineChart
        {
            Title = "Logit difference by layer",
            XLabels = ["embed", "0", "1", "2", "3"],
            XTitle = "Layer",
            YTitle = "Logit difference",
            Series = [new(" Hart patched", [-17.824, -17.906, 11.681, 17.637, 17.721]), new(" Alex patched", [17.721, 17.967, -9.848, -17.71, -17.824])],
            References = [new(17.721, "clean"), new(-17.824, "corrupted")],
        },
        ["bar-chart"] = new BarChart
        {
            Title = "Heads of layer 1, patched one by one",
            Horizontal = true,
            ColorBySign = true,
            Categories = ["L1H0", "L1H1", "L1H2", "L1H3"],
            YTitle = "Change of the logit difference",
            Series = [new("", [-5.89, -8.514, 0.001, -7.143])],
        },
        ["scatter-plot"] = new ScatterPlot
        {
            Title = "Two ways to the same number",
            XTitle = "Activation patching",
            YTitle = "Attribution patching",
            ShowDiagonal = true,
            ShowNames = true,
            Series = [new("", [0.1, 0.92, 0.35, -0.2]) { X = [0.05, 1, 0.4, -0.12], PointNames = ["L0H2", "L1H1", "L1H3", "L3H0"] }],
        },
        ["histogram"] = Figure.Histogram([.. Enumerable.Range(0, 400).Select(i => Math.Sin(i * 0.7) + Math.Cos(i * 1.9) + Math.Sin(i * 3.1))], "Activations of one neuron", "Activation"),
        ["colored-tokens"] = new ColoredTokens
        {
            Title = "Loss by token",
            Tokens = ["<|endoftext|>", "Her", " name", " was", " Alex", " Hart", ".", "\n", "When", " Alex"],
            Values = new double[,] { { double.NaN, 3.1, 0.4, 0.3, 5.2, 4.4, 0.6, 1.9, 2.2, 0.2 } },
            Palette = Palette.Blues,
            Minimum = 0,
            ValueTitle = "nats",
        },
        ["attention-patterns"] = Figure.AttentionPatterns(
            Tokens,
            [
                Grid.Of(9, 9, Enumerable.Range(0, 81).Select(i => i / 9 == 0 ? (i == 0 ? 1 : 0) : i % 9 == (i / 9) - 1 ? 0.9 : i % 9 == 0 && i / 9 > 1 ? 0.1 : i % 9 == i / 9 && i / 9 == 1 ? 0.1 : 0)),
                Grid.Of(9, 9, Enumerable.Range(0, 81).Select(i => i % 9 <= i / 9 ? 1.0 / ((i / 9) + 1) : 0)),
            ],
            ["previous token", "uniform"],
            "Two heads"),
    };

    [Theory]
    [MemberData(nameof(Names))]
    public void Are_what_the_library_draws(string name)
    {
        var path = Path.Combine(Root(), "docs", "plots", name + ".svg");
        if (Environment.GetEnvironmentVariable("FATHOM_UPDATE_SNAPSHOTS") == "1")
        {
            Pictures[name].Save(path);
        }

        Assert.True(File.Exists(path), $"{path} is missing: run the tests once with FATHOM_UPDATE_SNAPSHOTS=1, look at it, and commit it.");
        Assert.Equal(File.ReadAllText(path).ReplaceLineEndings("\n"), Pictures[name].ToSvg());
    }

    [Fact]
    public void Are_all_shown_in_the_page()
    {
        var page = File.ReadAllText(Path.Combine(Root(), "docs", "plots.md"));
        Assert.All(Pictures.Keys, name => Assert.Contains($"plots/{name}.svg", page, StringComparison.Ordinal));
    }

    private static string Root()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Fathom.slnx")))
            {
                return folder.FullName;
            }
        }

        throw new DirectoryNotFoundException($"No Fathom.slnx above {AppContext.BaseDirectory}; run the tests inside the repository.");
    }
}
