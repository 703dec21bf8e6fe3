using System.Globalization;
using Fathom.Patching;

namespace Fathom.Plots.Sweeps;

/// <summary>What a sweep's figure says around its picture.</summary>
internal static class SweepWords
{
    private const int LongestPrompt = 120;

    public static string Title(SweepResult result) => result.Sweep switch
    {
        PathSweep => $"Paths from {result.Sweep.What}",
        PairSweep => $"Interaction of {result.Sweep.What}",
        _ => $"Patching {result.Sweep.What}{(result.Axes.Count == 0 ? "" : $" by {Listed([.. result.Axes.Select(a => Axis(a.Name).ToLowerInvariant())])}")}",
    };

    public static string Axis(string name) => name switch
    {
        "layer" => "Layer",
        "pos" => "Position",
        "head" => "Head",
        "kv_head" => "Key-value head",
        "query_pos" => "Destination",
        "key_pos" => "Source",
        "d_mlp" => "Neuron",
        "expert" => "Expert",
        "first_layer" => "First layer",
        "first_head" => "First head",
        "second_layer" => "Second layer",
        "second_head" => "Second head",
        "sender_layer" => "Sender's layer",
        "sender_head" => "Sender's head",
        "sender_pos" => "Sender's position",
        "reader_layer" => "Reader's layer",
        "reader_head" => "Reader's head",
        "reader_kv_head" => "Reader's key-value head",
        var other => other,
    };

    public static string Subtitle(SweepResult result)
    {
        var sweep = result.Sweep;
        var (from, into) = Shortened($"{sweep.From}", $"{sweep.Into}");
        var pairs = result.Examples.Count > 1 ? $"Mean of {Numbers.Whole(result.Examples.Count)} pairs. " : "";
        var source = sweep.Replacement switch
        {
            ZeroReplacement => "Zeros",
            MeanReplacement mean => $"The mean of {Numbers.Whole(mean.Over.Count)} other prompt{(mean.Over.Count == 1 ? "" : "s")}",
            ResampleReplacement => $"Another pair's run among those of {from}",
            ExchangeReplacement exchange => $"Positions {Numbers.Whole(exchange.First)} and {Numbers.Whole(exchange.Second)} of {(exchange.Live ? "the run itself" : from)}, exchanged,",
            _ => $"From {from}",
        };
        return $"{pairs}{source} into {into}, {sweep.Direction.ToString().ToLowerInvariant()}; {result.Provenance.Model}";
    }

    /// <summary>Both unpatched runs, and the proof that the result carries.</summary>
    public static string Caption(SweepResult result, int metric)
    {
        var values = result.Metrics[metric];
        var several = result.Examples.Count > 1 ? "on average " : "";
        List<string> sentences = [$"{result.Metrics[result.Sweep is PairSweep ? metric % (result.Metrics.Count / 2) + (result.Metrics.Count / 2) : metric].Metric.Name} is {several}{Numbers.Short(values.Clean.Average())} on the clean run and {Numbers.Short(values.Corrupted.Average())} on the corrupted one."];
        if (result.Checks.MaxDifference is { } difference)
        {
            var all = result.Checks.CheckedCells >= result.Work.Cells;
            sentences.Add($"Self-check: {(all ? "all" : $"{Numbers.Whole(result.Checks.CheckedCells)} of")} {Numbers.Whole((int)Math.Min(int.MaxValue, result.Work.Cells))} cells, run again as whole forward runs, {(difference == 0 ? "do not differ" : $"differ by at most {Size(difference)}")}.");
        }

        if (result.Checks.NoiseFloor is { } floor)
        {
            sentences.Add($"Noise floor: the run patched into itself {(floor == 0 ? "does not move" : $"moves by at most {Size(floor)}")}.");
        }

        if (result.Sweep is PairSweep && values.NotNumbers > 0)
        {
            sentences.Add("A place together with itself has no number.");
        }

        if (result.NothingMoved)
        {
            sentences.Add("No cell moved.");
        }

        return string.Join(" ", sentences);
    }

    public static ValueList<Fact> Facts(SweepResult result) =>
    [
        new("model", result.Provenance.Model),
        new("revision", result.Provenance.Revision ?? "none"),
        new("weights", result.Provenance.Processing),
        new("precision", result.Provenance.Precision),
        new("path", result.Provenance.Path.ToString().ToLowerInvariant()),
        new("experiment", result.Sweep.ToString()),
        new("work", result.Work.ToString()),
        new("version", result.Provenance.Version),
    ];

    /// <summary>Of long prompts, what stands around their difference; the whole is in the figure's provenance.</summary>
    private static (string From, string Into) Shortened(string from, string into)
    {
        if (Math.Max(from.Length, into.Length) <= LongestPrompt)
        {
            return (from, into);
        }

        var shared = from.Zip(into).TakeWhile(pair => pair.First == pair.Second).Count();
        var first = Math.Max(0, (shared == Math.Min(from.Length, into.Length) ? 0 : shared) - (LongestPrompt / 3));
        return (Excerpt(from, first), Excerpt(into, first));
    }

    private static string Excerpt(string text, int first)
    {
        // From the beginning of a word on.
        first = first == 0 ? 0 : text.IndexOf(' ', first) is var blank && blank >= 0 && blank < first + 20 ? blank : first;
        var last = Math.Min(text.Length, first + LongestPrompt);
        first -= first > 0 && char.IsLowSurrogate(text[first]) ? 1 : 0;
        last -= last < text.Length && char.IsLowSurrogate(text[last]) ? 1 : 0;
        return $"{(first > 0 ? "\"…" : "")}{text[first..last]}{(last < text.Length ? "…\"" : "")}";
    }

    private static string Listed(IReadOnlyList<string> words) => words.Count == 1 ? words[0] : $"{string.Join(", ", words.SkipLast(1))} and {words[^1]}";

    private static string Size(double value) => value == 0 ? "0" : value.ToString("0.0e0", CultureInfo.InvariantCulture);
}
