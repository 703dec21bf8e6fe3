using Fathom.Activations;
using Fathom.Tensors;

namespace Fathom.Attribution;

/// <summary>What single MLP neurons of a cached run added to the residual stream.</summary>
/// <remarks>Layers, norms and positions as in <see cref="DecompositionExtensions"/>. With a direction, a neuron's vector is never made: a model's 36,864 neurons cost one number each and position.</remarks>
public static class NeuronExtensions
{
    extension(ActivationCache cache)
    {
        /// <summary>What neurons of one layer added, <c>[batch, pos, neuron, d_model]</c>, without the axes of single positions and neurons. The caller disposes it.</summary>
        /// <param name="layer">The layer, from 0.</param>
        /// <param name="neurons">Which neurons.</param>
        /// <param name="positions">Which positions.</param>
        /// <param name="projectOutputOnto">Directions, <c>[d_model]</c> or <c>[d_model, n]</c>; the last axis of the result is then gone, or <c>n</c>.</param>
        /// <exception cref="DecompositionException">The cache lacks a point, or the layer has no neurons of its own.</exception>
        public Tensor GetNeuronResults(int layer, Slice neurons = default, Slice positions = default, Tensor? projectOutputOnto = null)
        {
            CachedParts parts = new(cache, positions);
            ArgumentOutOfRangeException.ThrowIfNegative(layer);
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(layer, parts.Model.Config.NLayers);
            NeuronParts own = new(parts, layer);
            parts.Needs(own.Names).Require(nameof(GetNeuronResults));
            using var plain = torch.no_grad();
            using var scope = torch.NewDisposeScope();
            var rows = projectOutputOnto is null ? own.Results(neurons) : own.Projected(neurons, projectOutputOnto);
            var axis = (int)cache[own.Names.First()!].dim() - (positions.IsOne ? 2 : 1);
            return (neurons.IsOne ? rows : rows.movedim([0L], [axis])).MoveToOuterDisposeScope();
        }

        /// <summary>What neurons of all layers before <paramref name="layer"/> added: <c>L0N0</c>, <c>L0N1</c>, ...</summary>
        /// <param name="layer">The layer; see the class.</param>
        /// <param name="positions">Which positions.</param>
        /// <param name="neurons">Which neurons of each layer.</param>
        /// <param name="inclRemainder">Whether a last row, <c>remainder</c>, holds what the stream is beside.</param>
        /// <param name="applyLn">Whether rows go through the norm that reads the stream there.</param>
        /// <param name="projectOutputOnto">Directions, <c>[d_model]</c> or <c>[d_model, n]</c>.</param>
        /// <returns>Rows <c>[row, batch, pos, d_model]</c>; numbers instead of vectors with directions.</returns>
        /// <exception cref="DecompositionException">The cache lacks a point, the stream is no such sum, or a layer has no neurons of its own.</exception>
        public ResidualRows StackNeuronResults(int? layer = null, Slice positions = default, Slice neurons = default, bool inclRemainder = false, bool applyLn = false, Tensor? projectOutputOnto = null)
        {
            CachedParts parts = new(cache, positions);
            parts.RequireSum();
            var end = parts.Layer(layer);
            List<NeuronParts> layers = [.. Enumerable.Range(0, end).Select(l => new NeuronParts(parts, l))];
            parts.Needs(layers.SelectMany(l => l.Names)).Needs(inclRemainder ? parts.Stream(end) : null).Needs(applyLn ? parts.Reader(end, false)?.HookScale.Name : null).Require(nameof(StackNeuronResults));
            using var plain = torch.no_grad();
            using var scope = torch.NewDisposeScope();
            Projection projection = new(applyLn ? parts.Frozen(end, false) : null, projectOutputOnto);
            List<Tensor> rows = [.. layers.Select(l => Rows(l, neurons, projection))];
            List<string> labels = [.. layers.SelectMany((l, i) => l.Indices(neurons).Select(n => $"L{i}N{n}"))];
            if (inclRemainder)
            {
                // The rest is taken before any norm: a norm and a direction are linear, so it is the stream's number less the rows'.
                rows.Add(projection.Of(parts.Take(parts.Stream(end))).Minus(rows.Aggregate((Tensor?)null, (sum, r) => r.sum([0L]) is var part && sum is null ? part : sum!.Plus(part))!).unsqueeze(0));
                labels.Add("remainder");
            }

            return new(torch.cat([.. rows]), labels, positions, applyLn);
        }
    }

    /// <summary>Rows of a layer's neurons, normed and projected as asked.</summary>
    internal static Tensor Rows(NeuronParts layer, Slice neurons, Projection projection)
    {
        var chosen = neurons.IsOne ? (Slice)layer.Indices(neurons).ToArray() : neurons;
        return projection.Direction is not { } direction ? projection.Normed(layer.Results(chosen)) : projection.Scaled(layer.Projected(chosen, direction));
    }
}
