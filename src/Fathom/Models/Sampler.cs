using Fathom.Tensors;

namespace Fathom.Models;

/// <summary>Chooses the next token from logits.</summary>
internal sealed class Sampler(GenerationOptions options, int row)
{
    private readonly Randomness _randomness = new(Randomness.Seed(options.Seed, $"row {row}"));

    /// <summary>Chooses.</summary>
    /// <param name="logits">The logits of every token; changed in place.</param>
    /// <param name="seen">How often each token was seen so far.</param>
    public int Choose(Span<float> logits, IReadOnlyDictionary<int, int> seen)
    {
        Penalise(logits, seen);
        if (!options.DoSample || options.Temperature == 0)
        {
            return ArgMax(logits);
        }

        var (ids, probabilities) = Distribution(logits, options);
        var draw = _randomness.NextDouble();
        for (var i = 0; i < ids.Length - 1; i++)
        {
            draw -= probabilities[i];
            if (draw < 0)
            {
                return ids[i];
            }
        }

        return ids[^1];
    }

    /// <summary>The distribution that draws come from, most probable first.</summary>
    public static (int[] Ids, double[] Probabilities) Distribution(ReadOnlySpan<float> logits, GenerationOptions options)
    {
        var scaled = new double[logits.Length];
        for (var i = 0; i < scaled.Length; i++)
        {
            scaled[i] = logits[i] / options.Temperature;
        }

        var ids = Enumerable.Range(0, scaled.Length).ToArray();
        Array.Sort(ids, (a, b) => scaled[b].CompareTo(scaled[a]) is var c && c != 0 ? c : a.CompareTo(b));
        var kept = Math.Min(options.TopK ?? ids.Length, ids.Length);
        var probabilities = Softmax(scaled, ids, kept);
        if (options.TopP is { } mass)
        {
            kept = Crossing(probabilities, mass);
            probabilities = Softmax(scaled, ids, kept);
        }

        if (options.MinP is { } least)
        {
            var bound = least * probabilities[0];
            kept = Math.Max(1, Array.FindLastIndex(probabilities, p => p >= bound) + 1);
            probabilities = Softmax(scaled, ids, kept);
        }

        return (ids[..kept], probabilities);
    }

    /// <summary>The index of the largest logit; ties go to the lowest.</summary>
    public static int ArgMax(ReadOnlySpan<float> logits)
    {
        var best = 0;
        for (var i = 1; i < logits.Length; i++)
        {
            best = logits[i] > logits[best] ? i : best;
        }

        return best;
    }

    /// <summary>Fails if an option is out of its range.</summary>
    public static void Check(GenerationOptions options)
    {
        static void Range(bool ok, string name, object value, string range) =>
            _ = ok ? true : throw new ArgumentOutOfRangeException(name, value, $"{name} is {value}; it must be {range}.");
        Range(options.MaxNewTokens >= 1, nameof(options.MaxNewTokens), options.MaxNewTokens, "at least 1");
        Range(options.Temperature >= 0 && double.IsFinite(options.Temperature), nameof(options.Temperature), options.Temperature, "0 or a positive number");
        Range(options.TopK is null or >= 1, nameof(options.TopK), options.TopK ?? 0, "at least 1");
        Range(options.TopP is null or (> 0 and <= 1), nameof(options.TopP), options.TopP ?? 0, "above 0 and at most 1");
        Range(options.MinP is null or (>= 0 and <= 1), nameof(options.MinP), options.MinP ?? 0, "from 0 to 1");
        Range(options.RepetitionPenalty > 0, nameof(options.RepetitionPenalty), options.RepetitionPenalty, "above 0");
    }

    private static int Crossing(double[] probabilities, double mass)
    {
        var sum = 0.0;
        for (var i = 0; i < probabilities.Length; i++)
        {
            sum += probabilities[i];
            if (sum >= mass)
            {
                return i + 1;
            }
        }

        return probabilities.Length;
    }

    private static double[] Softmax(double[] scaled, int[] ids, int kept)
    {
        var weights = new double[kept];
        var sum = 0.0;
        for (var i = 0; i < kept; i++)
        {
            sum += weights[i] = Math.Exp(scaled[ids[i]] - scaled[ids[0]]);
        }

        for (var i = 0; i < kept; i++)
        {
            weights[i] /= sum;
        }

        return weights;
    }

    private void Penalise(Span<float> logits, IReadOnlyDictionary<int, int> seen)
    {
        if (options.RepetitionPenalty == 1 && options.FrequencyPenalty == 0 && options.PresencePenalty == 0)
        {
            return;
        }

        foreach (var (id, count) in seen)
        {
            var logit = logits[id];
            logit = (float)(logit > 0 ? logit / options.RepetitionPenalty : logit * options.RepetitionPenalty);
            logits[id] = (float)(logit - (options.FrequencyPenalty * count) - options.PresencePenalty);
        }
    }
}
