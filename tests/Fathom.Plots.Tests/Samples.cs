namespace Fathom.Plots.Tests;

/// <summary>One figure of each kind, with texts that want to be more than text.</summary>
internal static class Samples
{
    public static ValueList<string> HostileTokens { get; } =
        ["<|endoftext|>", "When", " Mary", " Mary", "\n", "\n", "</script><script>document.title='owned'</script>", "   ", "", "<img src=x onerror=document.title='owned'>", "\u0000", "\u202E", " \u200B", "日本", "\uD83D\uDE00", "]]>", "&amp;", "\" onload=\"alert(1)"];

    public static IReadOnlyDictionary<string, Figure> All { get; } = new Dictionary<string, Figure>
    {
        ["heat-map"] = Map("Heat </script> & \"map\"", 1),
        ["small-multiples"] = Figure.SmallMultiples([Map("resid_pre", 1), Map("attn_out", 2)], "Two sites"),
        ["line-chart"] = new LineChart
        {
            Title = "Loss <b>by</b> step",
            XTitle = "Step",
            YTitle = "Loss (nats)",
            Series = [new("train", [3, 2, double.NaN, 1]), new("</text>", [4, 3, 2, 2]) { X = [0, 2, 4, 6], PointNames = ["a", "b", "<c>", "d"] }],
            References = [new(2.5, "baseline")],
        },
        ["bar-chart"] = new BarChart
        {
            Title = "Attribution",
            Series = [new("clean", [1.5, -0.5, 0]), new("corrupted", [0.2, 0.1, double.NaN])],
            Categories = [" Hart", "</script>", "\n"],
            YTitle = "Logit difference",
            ColorBySign = true,
        },
        ["scatter-plot"] = new ScatterPlot
        {
            Title = "Two ways",
            XTitle = "Activation patching",
            YTitle = "Attribution patching",
            ShowDiagonal = true,
            ShowNames = true,
            Series = [new("", [0.1, 0.9, -0.2]) { X = [0, 1, -0.1], PointNames = ["L0H1", "L9H9", "<L11H10>"] }],
        },
        ["histogram"] = Figure.Histogram([1, 1, 2, 3, 3, 3, 9, double.NaN], "Activations", "Activation"),
        ["colored-tokens"] = new ColoredTokens
        {
            Title = "Tokens",
            Tokens = HostileTokens,
            Values = Grid.Of(1, HostileTokens.Count, Enumerable.Range(0, HostileTokens.Count).Select(i => i == 3 ? double.NaN : i - 8.0)),
            ValueTitle = "nats",
        },
        ["attention-patterns"] = Figure.AttentionPatterns(HostileTokens, [Causal(HostileTokens.Count, 1), Causal(HostileTokens.Count, 2)], ["L0H0", "<L0H1>"], "Attention"),
    };

    public static HeatMap Map(string title, double scale) => new()
    {
        Title = title,
        Values = new double[,] { { 17.5 * scale, double.NaN, -17.5 }, { 0.001, 8, 2 } },
        RowTitle = "Layer",
        ColumnTitle = "Position",
        ValueTitle = "Logit difference",
        ColumnLabels = TokenLabels.WithPositions(["<|endoftext|>", "\n", " Hart"]),
        NoiseFloor = 0.01,
    };

    public static Grid Causal(int n, int seed)
    {
        var values = new float[n, n];
        for (var query = 0; query < n; query++)
        {
            var total = 0f;
            for (var key = 0; key <= query; key++)
            {
                values[query, key] = 1 + (((query * 7) + (key * 5) + seed) % 11);
                total += values[query, key];
            }

            for (var key = 0; key <= query; key++)
            {
                values[query, key] /= total;
            }
        }

        return values;
    }
}
