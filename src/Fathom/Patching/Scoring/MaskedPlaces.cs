using Fathom.Models;

namespace Fathom.Patching.Scoring;

/// <summary>Where the metrics of an encoder are read: at the masked token, which stands at one and the same place in both prompts of a pair.</summary>
internal static class MaskedPlaces
{
    /// <summary>The position read for each example; <see langword="null"/> for decoders, which are read at the end, and where the caller's own functions read what they want.</summary>
    /// <exception cref="SweepInputException">The encoder predicts no words, a metric is one of decoders, or a pair does not have one masked token at one place.</exception>
    public static int[]? Of(StackedModel model, IEnumerable<Metric> metrics, IReadOnlyList<int[]> from, IReadOnlyList<int[]> into)
    {
        if (model is not HookedEncoder)
        {
            return null;
        }

        var name = model.Source.Name;
        if (model.Unembed is not { WU.IsBound: true })
        {
            throw new SweepInputException($"{name} has no head that predicts words, so that no metric of a sweep can be read. Load a checkpoint with its masked-language-model head.");
        }

        var ready = metrics.Where(m => m.Kind != MetricKind.Custom).ToList();
        if (ready.FirstOrDefault(m => m.Kind == MetricKind.Loss) is { } loss)
        {
            throw new SweepInputException($"'{loss.Name}' scores what a decoder says next, and each position of the encoder {name} sees what comes next. Score the masked token (logit difference, logit, probability, log-probability, KL), or give a function of your own: Metric.Of(...).");
        }

        if (ready.Count == 0)
        {
            return null;
        }

        var mask = model.SpecialTokens.Mask ?? throw new SweepInputException($"{name} has no mask token that its files name, and metrics of an encoder are read where it stands. Choose one: model.SpecialTokens = model.SpecialTokens with {{ Mask = id }}.");
        return [.. into.Select((tokens, pair) => Place(tokens, from[pair], mask, pair))];
    }

    private static int Place(int[] into, int[] from, int mask, int pair)
    {
        int[] At(int[] tokens) => [.. Enumerable.Range(0, tokens.Length).Where(i => tokens[i] == mask)];
        var (first, second) = (At(into), At(from));
        return first.Length == 1 && second.AsSpan().SequenceEqual(first)
            ? first[0]
            : throw new SweepInputException($"Metrics of an encoder are read at the masked token, and pair {pair} has it at {Words(second)} in From and {Words(first)} in Into. Mask one token, at the same position of both.");
    }

    private static string Words(int[] positions) => positions.Length switch { 0 => "no position", 1 => $"position {positions[0]}", _ => $"positions {string.Join(", ", positions)}" };
}
