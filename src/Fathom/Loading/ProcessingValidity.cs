using Fathom.Components;
using Fathom.Configuration;
using Fathom.Models;

namespace Fathom.Loading;

/// <summary>Why a processing step would change what a model computes; <see langword="null"/> where it would not.</summary>
internal static class ProcessingValidity
{
    public static string? FoldLayerNorm(HookedTransformer model)
    {
        if (model.Blocks.Any(b => b.Config.Layout == BlockLayout.NormOnStream))
        {
            return "its norms act on the residual stream itself, so that no weight alone reads their output";
        }

        if (model.Blocks.Any(b => (b.Config.Ln1 is null && b.Config.Ln1Post is not null) || (b.Config.Ln2 is null && b.Config.Ln2Post is not null)))
        {
            return "its norms follow the sublayers, so that what they scale is written to the stream";
        }

        if (model.Blocks.FirstOrDefault(b => (b.Config.Ln1 is not null && b.Mixer.Readers.Count == 0) || (b.Config.Ln2 is not null && b.Mlp is { Readers.Count: 0 })) is { } block)
        {
            return $"a norm in {block.Path} is read by a part whose weights cannot take it up";
        }

        if (Shifted(model).FirstOrDefault(r => r.Bias is null) is { Weight: { } weight })
        {
            return $"{weight.Name} has no bias that could take up the norm's bias";
        }

        if (model.Blocks.FirstOrDefault(b => b.Ln2?.B is { IsBound: true } && b.Mlp is MixtureOfExperts { Router.ScalesInput: true }) is { } scaled)
        {
            return $"the router in {scaled.Path} multiplies what its experts read, the norm's bias included, and a folded bias would escape it";
        }

        if (model.Blocks.Any(b => b.Laurel is not null))
        {
            return "a branch beside attention adds the normalized stream itself, which no weight reads";
        }

        if (model.Config.Positions is LearnedPositions { ToQueriesAndKeysOnly: true })
        {
            return "positions join the stream after the norm, before queries and keys read it";
        }

        if (model.Head is not null)
        {
            return "a nonlinear layer stands between the final norm and the unembedding";
        }

        return model.Unembed.WProj is not null && model.LnFinal is not null ? "the final norm is read by a projection before the unembedding" : null;
    }

    /// <summary>The readers of norms that have biases.</summary>
    private static IEnumerable<Reader> Shifted(HookedTransformer model) => model.Blocks.SelectMany(b =>
    {
        var isShared = b.Config.Layout == BlockLayout.Parallel && b.Ln2 is null;
        return new[] { (b.Ln1, b.Mixer.Readers), (isShared ? b.Ln1 : b.Ln2, b.Mlp?.Readers ?? []) }.Where(p => p.Item1?.B is { IsBound: true }).SelectMany(p => p.Item2);
    });

    public static string? CenterWriting(HookedTransformer model)
    {
        if (model.Blocks.Any(b => b.Config.Layout == BlockLayout.NormOnStream))
        {
            return "its norms act on the residual stream itself";
        }

        if (model.Config.Positions is LearnedPositions { ToQueriesAndKeysOnly: true })
        {
            return "positions join the stream after the norm";
        }

        var readers = model.Blocks.SelectMany(b => new[] { b.Config.Ln1, b.Mlp is null ? b.Config.Ln1 : b.Config.Ln2 ?? (b.Config.Layout == BlockLayout.Parallel ? b.Config.Ln1 : null) }).Append(model.Config.FinalNorm);
        if (readers.Any(n => n is not LayerNormConfig))
        {
            return "not every reader of the stream takes its mean off (that holds for layer norms only)";
        }

        if (model.Blocks.Any(b => b.Config.Ln1Post is not null || b.Config.Ln2Post is not null))
        {
            return "what its sublayers write passes another norm first";
        }

        return model.Blocks.Any(b => b.Attn is null) || model.Config.DEmbed is not null ? "some parts write to the stream in another way than through one matrix" : null;
    }

    public static string? CenterUnembed(HookedTransformer model) =>
        model.Config.LogitSoftCap is not null ? "its logits pass a bound that is not indifferent to a constant" : null;

    public static string? FoldValueBiases(HookedTransformer model)
    {
        var attention = model.Blocks.Select(b => b.Attn).OfType<Attention>().ToList();
        return attention.Any(a => a.Config.Sinks) ? "attention sinks make rows of the pattern sum to less than one"
            : attention.Any(a => a.Config.OutputGate || a.Config.ValueNorm is not null || a.Config.OutputNorm is not null) ? "something stands between the values and the output weights"
            : null;
    }

    public static string? Refactor(HookedTransformer model)
    {
        var attention = model.Blocks.Select(b => b.Attn).OfType<Attention>().ToList();
        return attention.Any(a => a.Config.Rotary is not null || a.QNorm is not null) ? "queries and keys are rotated or normalized between their weights and the product"
            : attention.Any(a => a.Config.NHeads != a.Config.NKeyValueHeads) ? "several query heads share one key head"
            : attention.Any(a => a.Config.DHead > a.WQ.Shape[1]) ? "a head is wider than the stream"
            : null;
    }
}
