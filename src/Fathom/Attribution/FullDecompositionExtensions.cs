using Fathom.Activations;
using Fathom.Tensors;

namespace Fathom.Attribution;

/// <summary>The residual stream of a cached run taken apart as far as it goes.</summary>
public static class FullDecompositionExtensions
{
    extension(ActivationCache cache)
    {
        /// <summary>Every head, every neuron (or MLP), the embeddings and the biases. Rows sum to the stream.</summary>
        /// <remarks>Order: <c>L0H0</c>, ... of all heads; then <c>L0N0</c>, ... of all neurons, or <c>0_mlp_out</c>, ...; then <c>embed</c>, <c>pos_embed</c> where there is one, and <c>bias</c>. Layers and norms as in <see cref="DecompositionExtensions"/>.</remarks>
        /// <param name="layer">The layer whose input is decomposed.</param>
        /// <param name="mlpInput">Whether that layer's heads belong to it.</param>
        /// <param name="expandNeurons">Whether MLPs are taken apart into neurons.</param>
        /// <param name="applyLn">Whether rows go through the norm that reads the stream there.</param>
        /// <param name="positions">Which positions.</param>
        /// <param name="projectOutputOnto">Directions, <c>[d_model]</c> or <c>[d_model, n]</c>; neurons' vectors are then never made.</param>
        /// <returns>Rows <c>[row, batch, pos, d_model]</c>; numbers instead of vectors with directions. The caller disposes them.</returns>
        /// <exception cref="DecompositionException">The cache lacks a point, the stream is no such sum, or a block has no heads (a recurrence) or no neurons of its own (a mixture of experts).</exception>
        public ResidualRows GetFullResidDecomposition(int? layer = null, bool mlpInput = false, bool expandNeurons = true, bool applyLn = false, Slice positions = default, Tensor? projectOutputOnto = null)
        {
            CachedParts parts = new(cache, positions);
            parts.RequireSum();
            var end = parts.Layer(layer);
            var blocks = parts.Model.Blocks.Take(end + (mlpInput ? 1 : 0)).ToList();
            if (blocks.FirstOrDefault(b => b.Attn is null) is { } recurrent)
            {
                throw new DecompositionException($"{recurrent.Mixer.Path} has no attention heads whose outputs are a sum; DecomposeResid takes the stream apart into sublayers.");
            }

            HeadParts heads = new(cache, parts, positions, blocks.Count);
            List<(int Layer, NeuronParts Neurons)> mlps = [.. expandNeurons ? Enumerable.Range(0, end).Where(l => blocks[l].Mlp is not null).Select(l => (l, new NeuronParts(parts, l))) : []];
            List<Hooks.HookPoint> whole = [.. expandNeurons ? [] : blocks.Take(end).Select(b => b.HookMlpOut).OfType<Hooks.HookPoint>()];
            List<Hooks.HookPoint> embeddings = [.. DecompositionExtensions.Embeddings(parts)];
            parts.Needs(mlps.SelectMany(m => m.Neurons.Names)).Needs(whole.Concat(embeddings).Select(p => (string?)p.Name)).Needs(applyLn ? parts.Reader(end, mlpInput)?.HookScale.Name : null);
            parts.Require(nameof(GetFullResidDecomposition));
            using var plain = torch.no_grad();
            using var scope = torch.NewDisposeScope();
            Projection projection = new(applyLn ? parts.Frozen(end, mlpInput) : null, projectOutputOnto);
            List<Tensor> rows = [];
            List<string> labels = [];
            if (blocks.Count > 0)
            {
                rows.Add(projection.Of(heads.Results()));
                labels.AddRange(heads.Labels);
            }

            foreach (var (l, neurons) in mlps)
            {
                rows.Add(NeuronExtensions.Rows(neurons, Slice.All, projection));
                labels.AddRange(neurons.Indices(Slice.All).Select(n => $"L{l}N{n}"));
            }

            rows.AddRange(whole.Select(p => projection.Of(parts.Take(p.Name)).unsqueeze(0)));
            labels.AddRange(whole.Select(p => $"{p.Layer}_mlp_out"));
            rows.AddRange(embeddings.Select(p => projection.Of(parts.Take(p.Name)).unsqueeze(0)));
            labels.AddRange(embeddings.Select(p => p.Name["hook_".Length..]));
            var zero = torch.zeros_like(parts.Take(embeddings[0].Name));
            var bias = heads.Biases.Concat(mlps.Select(m => m.Neurons.Bias)).OfType<Tensor>().Aggregate(zero, (sum, b) => sum.Plus(b));
            rows.Add(projection.Of(bias).unsqueeze(0));
            labels.Add("bias");
            return new(torch.cat([.. rows]), labels, positions, applyLn);
        }
    }
}
