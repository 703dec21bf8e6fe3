namespace Fathom.Plots.Tests;

/// <summary>Charts whose texts have little room.</summary>
internal static class ChartSamples
{
    private const string Metric = "change of logit(' Mary') - logit(' John') (nats), averaged over all of the pairs of prompts that were given on the command line";

    private static readonly ValueList<string> Tokens = TokenLabels.WithPositions(["<|endoftext|>", "When", " Mary", " and", " John", " went", " to", " the", " store", ",", " John", " gave"]);

    public static IReadOnlyDictionary<string, Figure> All { get; } = new Dictionary<string, Figure>
    {
        ["bars with long titles"] = new BarChart { Title = "Bars", Categories = Tokens, Series = [new("a rather long name of the first of the series that are drawn here", Waves(12, 1)), new("b", Waves(12, 1e-5))], XTitle = "Position", YTitle = Metric },
        ["lying bars"] = new BarChart { Horizontal = true, Categories = [.. Enumerable.Range(0, 30).Select(i => $"blocks.{i}.attn.hook_z of the head with the number {i} and some more words")], Series = [new("", Waves(30, 1))], XTitle = Metric, YTitle = Metric },
        ["nine lines"] = new LineChart { XLabels = Tokens, Series = [.. Enumerable.Range(0, 9).Select(s => new Series($"series {s}", Waves(12, (s + 1) * 1e6)))], YTitle = Metric, References = [new(2e6, "the clean run's metric"), new(2.1e6, "another line next to it"), new(2.15e6, "a third one"), new(-8.9e6, "at the bottom")] },
        ["many names"] = new ScatterPlot { ShowNames = true, XTitle = Metric, YTitle = Metric, Series = [new("", Waves(90, 1)) { X = Waves(90, 2.2), PointNames = [.. Enumerable.Range(0, 90).Select(i => $"L{i / 12}H{i % 12}")] }] },
        ["a histogram of small values"] = Figure.Histogram(Waves(400, 1e-4), "Histogram", Metric),
        ["a wall of heads"] = Figure.AttentionPatterns(["a", "b", "c"], [.. Enumerable.Range(0, 24).Select(h => Samples.Causal(3, h))], [.. Enumerable.Range(0, 24).Select(h => $"L{h / 12}H{h % 12}")], "Heads", 12) with { ValueTitle = Metric },
    };

    private static ValueList<double> Waves(int count, double size) => [.. Enumerable.Range(0, count).Select(i => size * (Math.Sin(i * 1.7) + Math.Cos(i * size)))];
}
