using System.Text.Json.Nodes;

namespace Fathom.Loading.Checkpoints.Gguf;

/// <summary>Finds the llama3 scaling rule behind a tensor of frequency factors.</summary>
/// <remarks>
/// The rule divides low frequencies by <c>factor</c>, keeps high ones, and blends between; with c times the two bounds and
/// c times the original context it is the same rule, so the low bound can be taken as 1. Source: Llama 3.1 reference code.
/// </remarks>
internal static class GgufLlama3Rule
{
    private static readonly double[] HighBounds = [4, 2, 3, 8, 16, 32];

    /// <summary>Writes the rule whose factors equal the tensor's.</summary>
    /// <exception cref="InvalidCheckpointException">No rule gives these factors.</exception>
    public static void Write(GgufHyperparameters h, JsonObject rope, float[] factors, int rotated)
    {
        var theta = h.Positive("rope.freq_base", 10_000);
        if (factors.Length != rotated / 2)
        {
            throw h.Invalid($"rope_freqs.weight has {factors.Length} factors, but {rotated} rotated dimensions need {rotated / 2}.");
        }

        IEnumerable<double> scales = factors.Max() > 1 ? [factors.Max()] : [8, 32, 4, 2, 16, 64];
        var rule = (from factor in scales from high in HighBounds from power in Enumerable.Range(4, 17) select (Factor: factor, High: high, Context: 1 << power))
            .Cast<(double Factor, double High, int Context)?>()
            .FirstOrDefault(r => Fits(factors, theta, rotated, r!.Value.Factor, r.Value.High, r.Value.Context))
            ?? throw h.Invalid("the factors in rope_freqs.weight follow no known llama3 scaling rule; ignoring them would give wrong frequencies.");
        rope["factor"] = GgufHyperparameters.Shortest(rule.Factor);
        rope["low_freq_factor"] = 1.0;
        rope["high_freq_factor"] = rule.High;
        rope["original_max_position_embeddings"] = rule.Context;
    }

    private static bool Fits(float[] factors, double theta, int rotated, double factor, double high, int context)
    {
        for (var i = 0; i < factors.Length; i++)
        {
            var wavelength = 2 * Math.PI * Math.Pow(theta, 2.0 * i / rotated);
            var blend = Math.Clamp(((context / wavelength) - 1) / (high - 1), 0, 1);
            var expected = 1 / (((1 - blend) / factor) + blend);
            if (!(Math.Abs(factors[i] - expected) <= 1e-5 * expected))
            {
                return false;
            }
        }

        return true;
    }
}
