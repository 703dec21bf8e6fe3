using Fathom.Plots.Sweeps;

namespace Fathom.Plots.Tests.Sweeps;

/// <summary>Figures of sweeps of every shape that people run, and of texts that are hard to lay out.</summary>
internal static class SweepSamples
{
    private static readonly string[] Prompt = ["<|endoftext|>", "When", " Mary", " and", " John", " went", " to", " the", " store", ",", " John", " gave", " a", " drink", " to"];

    private static readonly string[] Difficult = ["<|endoftext|>", "שלום", " مرحبا", "日本語のとても長いトークン", "\u0000", " \n\n\t", "👩\u200D🚀", "ภาษาไทย", new string('W', 60), "", "\u202Eabc", " \u00A0 ", "Ａ", "e\u0301e\u0301"];

    private static ValueList<string> HeadNames => [.. Enumerable.Range(0, 144).Select(i => $"L{i / 12} H{i % 12}")];

    public static IReadOnlyDictionary<string, Figure> All { get; } = new Dictionary<string, Figure>
    {
        ["layers by heads"] = SampleSweeps.Of([SampleSweeps.Layers(12), SampleSweeps.Heads(12)], c => Math.Sin(c)).ToFigure(),
        ["four by four"] = SampleSweeps.Of([SampleSweeps.Layers(4), SampleSweeps.Heads(4)], c => Math.Sin(c)).ToFigure(),
        ["one cell"] = SampleSweeps.Of([SampleSweeps.Layers(1), SampleSweeps.Heads(1)], c => 1).ToFigure(),
        ["one row"] = SampleSweeps.Of([new("kv_head", ["KV0"], [0]), SampleSweeps.Positions("pos", Prompt)], c => c).ToFigure(),
        ["one row of none"] = SampleSweeps.Of([SampleSweeps.Positions("pos", Prompt)], c => c).ToFigure(show: ShownValue.Recovery),
        ["recovery over pairs"] = SampleSweeps.Of([SampleSweeps.Layers(4), SampleSweeps.Positions("pos", Prompt)], c => c, pairs: 3).ToFigure(show: ShownValue.Recovery),
        ["heads by heads"] = Figure.HeatMap(Grid.Of(144, 144, Enumerable.Range(0, 144 * 144).Select(i => Math.Sin(i))), "Paths from z to queries", rows: HeadNames, columns: HeadNames, rowTitle: "Sender", columnTitle: "Reader", valueTitle: "change of logit(' Hart') - logit(' Carroll') (nats)"),
        ["layers by positions"] = SampleSweeps.Of([SampleSweeps.Layers(13), SampleSweeps.Positions("pos", Prompt)], c => c < 60 ? 18 : c).ToFigure(),
        ["difficult tokens"] = SampleSweeps.Of([SampleSweeps.Layers(4), SampleSweeps.Positions("pos", Difficult)], c => c).ToFigure(),
        ["difficult rows"] = SampleSweeps.Of([SampleSweeps.Positions("query_pos", Difficult), SampleSweeps.Positions("key_pos", Difficult)], c => c == 3 ? double.NaN : c).ToFigure(),
        ["13 by 64"] = SampleSweeps.Of([SampleSweeps.Layers(13), SampleSweeps.Positions("pos", [.. Enumerable.Range(0, 64).Select(i => Prompt[i % 15])])], c => c).ToFigure(),
        ["13 by 256"] = SampleSweeps.Of([SampleSweeps.Layers(13), SampleSweeps.Positions("pos", [.. Enumerable.Range(0, 256).Select(i => Prompt[i % 15])])], c => c).ToFigure(),
        ["12 by 12 by 9"] = SampleSweeps.Of([SampleSweeps.Layers(12), SampleSweeps.Heads(12), SampleSweeps.Positions("pos", Prompt[..9])], c => Math.Cos(c)).ToFigure(),
        ["12 by 15 by 12"] = SampleSweeps.Of([SampleSweeps.Layers(12), SampleSweeps.Positions("pos", Prompt), SampleSweeps.Heads(12)], c => Math.Cos(c)).ToFigure(),
        ["destinations by sources"] = SampleSweeps.Of([SampleSweeps.Layers(2), SampleSweeps.Heads(12), SampleSweeps.Positions("query_pos", Prompt), SampleSweeps.Positions("key_pos", Prompt)], c => Math.Cos(c)).ToFigure(),
        ["a long metric"] = SampleSweeps.Of([SampleSweeps.Layers(2), SampleSweeps.Heads(2)], c => c, Fathom.Patching.Metric.Of("the mean over all of the answers' logits of the difference from the logit of the one that names nobody" + new string('x', 90), "nats", _ => 0)).ToFigure(new string('T', 300)),
    };
}
