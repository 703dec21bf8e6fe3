using Fathom.Architectures;
using Fathom.Components;
using Fathom.Configuration;
using Fathom.Models;

namespace Fathom.Loading.Saving;

/// <summary>The weight table of a model, once for each of its layers, as loading runs through it.</summary>
internal static class StoredRules
{
    /// <summary>The rows that fill a weight of the model, in order.</summary>
    public static IReadOnlyList<(WeightRule Rule, IReadOnlyList<Weight> Targets)> Of(HookedModel model, Architecture architecture)
    {
        var slots = model.Weights.ToDictionary(w => w.Name);
        return [.. Expanded(model, architecture).Select(r => (Rule: r, Names: r.Ours.Split(", ")))
            .Where(r => r.Names.Any(slots.ContainsKey))
            .Select(r => (r.Rule, (IReadOnlyList<Weight>)[.. r.Names.Select(n => slots[n])]))];
    }

    /// <summary>What the config of a model says.</summary>
    public static ModelConfig ConfigOf(HookedModel model) => model switch
    {
        StackedModel stacked => stacked.Config,
        HookedEncoderDecoder two => two.Config,
        _ => throw new ArgumentOutOfRangeException(nameof(model), model.GetType().Name, "No table of weights is known for this kind of model."),
    };

    private static IEnumerable<WeightRule> Expanded(HookedModel model, Architecture architecture)
    {
        var config = ConfigOf(model);
        var rules = architecture.Weights(config);
        if (model is HookedEncoderDecoder two)
        {
            var ofEncoder = rules.ToLookup(r => r.Ours.StartsWith("encoder.", StringComparison.Ordinal));
            return ofEncoder[true].SelectMany(r => WeightBinder.Expand(r, Enumerable.Range(0, two.Encoder.Blocks.Count)))
                .Concat(ofEncoder[false].SelectMany(r => WeightBinder.Expand(r, Enumerable.Range(0, two.Decoder.Blocks.Count))));
        }

        int[] layers = [.. Enumerable.Range(0, config.NLayers).Where(i => config.Blocks[i].WeightsOf is null)];
        return rules.SelectMany(r => WeightBinder.Expand(r, layers));
    }
}
