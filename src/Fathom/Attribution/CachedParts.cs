using Fathom.Activations;
using Fathom.Components;
using Fathom.Configuration;
using Fathom.Models;
using Fathom.Tensors;

namespace Fathom.Attribution;

/// <summary>Reads a cache as parts of a residual stream.</summary>
/// <param name="cache">The cache.</param>
/// <param name="positions">The positions read.</param>
internal sealed class CachedParts(ActivationCache cache, Slice positions)
{
    private readonly List<string> _needed = [];

    public StackedModel Model { get; } = cache.Model as StackedModel
        ?? throw new DecompositionException($"{cache.Model.Source.Name} has two residual streams, an encoder's and a decoder's; only models of one stream can be taken apart.");

    /// <summary>The axis of positions of an activation that has one.</summary>
    public static int PositionAxis(ActivationCache cache) => cache.HasBatchDim ? 1 : 0;

    /// <summary>The number of the layer that reads the stream: <c>n_layers</c> for what follows the last block.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such layer.</exception>
    public int Layer(int? layer) => (layer ?? -1) is var asked && (asked == -1 ? Model.Config.NLayers : asked) is var number && number >= 0 && number <= Model.Config.NLayers
        ? number
        : throw new ArgumentOutOfRangeException(nameof(layer), $"Layer {layer} is none of 0 to {Model.Config.NLayers} (the end of the stream, also written -1 or left out).");

    /// <summary>Notes points that will be read, so that all that are missing can be named at once.</summary>
    public CachedParts Needs(params IEnumerable<string?> names)
    {
        _needed.AddRange(names.OfType<string>());
        return this;
    }

    /// <summary>Fails if a point that was noted is missing.</summary>
    public void Require(string what)
    {
        var missing = _needed.Distinct().Where(n => !cache.Contains(n)).ToList();
        if (missing.Count > 0)
        {
            throw new DecompositionException($"{what} reads {missing.Count} point{(missing.Count == 1 ? "" : "s")} that the cache does not hold: {string.Join(", ", missing.Take(6))}{(missing.Count > 6 ? ", ..." : "")}. Run again with a filter that includes {(missing.Count == 1 ? "it" : "them")}, or without one.", missing);
        }
    }

    /// <summary>Fails where the stream is no sum of what its sublayers add.</summary>
    public void RequireSum()
    {
        if (Model.Blocks.FirstOrDefault(b => !b.IsAdditive) is { } block)
        {
            var reason = block.Config.Layout == BlockLayout.NormOnStream ? "a norm acts on the stream itself"
                : block.AltUp is not null ? "the stream has several lanes that are mixed" : "the stream is scaled or fed by more than attention and MLP";
            throw new DecompositionException($"In {block.Path} of {cache.Model.Source.Name} {reason}, so the stream is not the sum of what sublayers add. AccumulatedResid and LogitLens work; parts of it do not exist.");
        }
    }

    /// <summary>An activation, at the positions read.</summary>
    public Tensor Take(string name) => positions.Apply(cache[name], PositionAxis(cache));

    /// <summary>The name of the stream that a layer reads; after the last block, of what the final norm reads.</summary>
    public string Stream(int layer) => layer < Model.Config.NLayers ? Model.Blocks[layer].HookResidPre.Name : (Model.Blocks[^1].HookNormalizedResidPost ?? Model.Blocks[^1].HookResidPost).Name;

    /// <summary>The norm that reads the stream at a layer, if there is one.</summary>
    public Norm? Reader(int layer, bool mlpInput)
    {
        if (layer == Model.Config.NLayers)
        {
            return mlpInput ? throw new ArgumentException($"No MLP reads the end of the stream; name a layer from 0 to {layer - 1}.", nameof(mlpInput)) : Model.LnFinal;
        }

        var block = Model.Blocks[layer];
        return mlpInput ? block.Ln2 ?? (block.Config.Layout == BlockLayout.Parallel ? block.Ln1 : null) : block.Ln1;
    }

    /// <summary>What a sublayer's output (or a part of it) adds to the stream: through the norm and factor behind it.</summary>
    /// <param name="block">The block.</param>
    /// <param name="byMlp">Whether the MLP wrote it.</param>
    /// <param name="part"><c>[..., batch, pos, d_model]</c>.</param>
    public Tensor Written(TransformerBlock block, bool byMlp, Tensor part)
    {
        var after = byMlp ? block.Ln2Post : block.Ln1Post;
        part = after is null ? part : FrozenNorm.Of(cache, after, positions).Apply(part);
        return block.Config.ResidualMultiplier == 1 ? part : part.Times(block.Config.ResidualMultiplier);
    }

    /// <summary>What biases of a sublayer add to the stream, <c>[d_model]</c> or <c>[batch, pos, d_model]</c>; <see langword="null"/> for nothing.</summary>
    public Tensor? Bias(TransformerBlock block, bool byMlp, Weight? bias)
    {
        var own = bias is { IsBound: true } bound ? Written(block, byMlp, bound.Value) : null;
        if ((byMlp ? block.Ln2Post : block.Ln1Post) is { B: { IsBound: true } after })
        {
            var shift = after.Value.Times(block.Config.ResidualMultiplier);
            own = own is null ? shift : own.Plus(shift);
        }

        return own;
    }

    /// <summary>The names of scales that <see cref="Written"/> reads.</summary>
    public static string? ScaleAfter(TransformerBlock block, bool byMlp) => (byMlp ? block.Ln2Post : block.Ln1Post)?.HookScale.Name;

    /// <summary>The direction before a sublayer's norm and factor that gives <paramref name="direction"/>'s product with what is added, but for <see cref="Unscaled"/>.</summary>
    public Tensor Before(TransformerBlock block, Tensor direction)
    {
        direction = block.Ln2Post is { } after ? FrozenNorm.Of(cache, after, positions).Before(direction) : direction;
        return block.Config.ResidualMultiplier == 1 ? direction : direction.Times(block.Config.ResidualMultiplier);
    }

    /// <summary>Divides numbers projected on <see cref="Before"/> by the scale of the norm after the MLP.</summary>
    public Tensor Unscaled(TransformerBlock block, Tensor projected, bool several) =>
        block.Ln2Post is { } after ? FrozenNorm.Of(cache, after, positions).Scaled(projected, several) : projected;

    /// <summary>A norm with the run's statistics.</summary>
    public FrozenNorm Frozen(Norm norm) => FrozenNorm.Of(cache, norm, positions);

    /// <summary>The norm at a layer with the run's statistics, or <see langword="null"/>.</summary>
    public FrozenNorm? Frozen(int layer, bool mlpInput) => Reader(layer, mlpInput) is { } norm ? FrozenNorm.Of(cache, norm, positions) : null;
}
