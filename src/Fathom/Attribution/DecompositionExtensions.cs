using Fathom.Activations;
using Fathom.Components;
using Fathom.Hooks;
using Fathom.Tensors;

namespace Fathom.Attribution;

/// <summary>The residual stream of a cached run, layer by layer and as the sum of what its sublayers and heads added.</summary>
/// <remarks>
/// Everywhere, <c>layer</c> is the layer whose input is meant: 0 to <c>n_layers</c>, where the last (also -1, or left out) is the end of the stream. With <c>mlpInput</c> it is what that layer's MLP reads.
/// With <c>applyLn</c> rows go through the norm that reads the stream there, with the statistics of the run (a linear map of what it reads; its bias belongs to no row).
/// Results are the caller's to dispose. Source: Elhage et al. 2021, "A Mathematical Framework for Transformer Circuits".
/// </remarks>
public static class DecompositionExtensions
{
    extension(ActivationCache cache)
    {
        /// <summary>The stream as each layer reads it: <c>0_pre</c>, <c>1_pre</c>, ..., and at the end <c>final_post</c> (or <c>l_mid</c>, with <paramref name="mlpInput"/>).</summary>
        /// <param name="layer">The last layer; see the class.</param>
        /// <param name="inclMid">Whether to hold <c>l_mid</c>, the stream between the sublayers, too.</param>
        /// <param name="applyLn">Whether rows go through the norm there; at the end of the stream every row with its own statistics, as in the logit lens.</param>
        /// <param name="positions">Which positions.</param>
        /// <param name="mlpInput">Whether the last row is what the layer's MLP reads.</param>
        /// <returns>Rows <c>[row, batch, pos, d_model]</c>.</returns>
        /// <exception cref="DecompositionException">The cache lacks a point, or a block has no stream between its sublayers.</exception>
        public ResidualRows AccumulatedResid(int? layer = null, bool inclMid = false, bool applyLn = false, Slice positions = default, bool mlpInput = false)
        {
            CachedParts parts = new(cache, positions);
            var end = parts.Layer(layer);
            var norm = applyLn ? parts.Reader(end, mlpInput) : null;
            List<(string Label, string Point)> rows = [];
            for (var l = 0; l <= end; l++)
            {
                rows.Add((l == parts.Model.Config.NLayers ? "final_post" : $"{l}_pre", parts.Stream(l)));
                if ((inclMid && l < end) || (l == end && mlpInput))
                {
                    rows.Add(($"{l}_mid", parts.Model.Blocks[l].HookResidMid?.Name
                        ?? throw new DecompositionException($"{parts.Model.Blocks[l].Path} has no stream between its sublayers (they read the same one); leave mid rows out.")));
                }
            }

            var frozen = norm is not null && end < parts.Model.Config.NLayers;
            parts.Needs(rows.Select(r => (string?)r.Point)).Needs(frozen ? norm!.HookScale.Name : null).Require(nameof(AccumulatedResid));
            using var plain = torch.no_grad();
            using var scope = torch.NewDisposeScope();
            var values = torch.stack(rows.Select(r => parts.Take(r.Point)));
            values = norm is null ? values : frozen ? FrozenNorm.Of(cache, norm, positions).Apply(values) : Normalization.Own(norm, values);
            return new(values, [.. rows.Select(r => r.Label)], positions, applyLn);
        }

        /// <summary>What was added to the stream: <c>embed</c>, <c>pos_embed</c>, <c>0_attn_out</c>, <c>0_mlp_out</c>, ... Rows sum to the stream.</summary>
        /// <param name="layer">The layer whose input is decomposed; see the class.</param>
        /// <param name="mlpInput">Whether that layer's mixer belongs to it.</param>
        /// <param name="mode">Which sublayers.</param>
        /// <param name="applyLn">Whether rows go through the norm that reads the stream there.</param>
        /// <param name="positions">Which positions.</param>
        /// <param name="inclEmbeds">Whether the embeddings are rows.</param>
        /// <returns>Rows <c>[row, batch, pos, d_model]</c>.</returns>
        /// <exception cref="DecompositionException">The cache lacks a point, or the stream is no such sum.</exception>
        public ResidualRows DecomposeResid(int? layer = null, bool mlpInput = false, Sublayers mode = Sublayers.All, bool applyLn = false, Slice positions = default, bool inclEmbeds = true)
        {
            CachedParts parts = new(cache, positions);
            parts.RequireSum();
            var end = parts.Layer(layer);
            List<HookPoint> rows = [.. inclEmbeds ? Embeddings(parts) : []];
            for (var l = 0; l < end + (mlpInput ? 1 : 0); l++)
            {
                rows.AddRange(mode != Sublayers.Mlp ? [parts.Model.Blocks[l].HookAttnOut] : Array.Empty<HookPoint>());
                rows.AddRange(mode != Sublayers.Attn && l < end && parts.Model.Blocks[l].HookMlpOut is { } mlp ? [mlp] : Array.Empty<HookPoint>());
            }

            parts.Needs(rows.Select(r => (string?)r.Name)).Needs(applyLn ? parts.Reader(end, mlpInput)?.HookScale.Name : null).Require(nameof(DecomposeResid));
            using var plain = torch.no_grad();
            using var scope = torch.NewDisposeScope();
            var values = torch.stack(rows.Select(r => parts.Take(r.Name)));
            return new(applyLn ? parts.Frozen(end, mlpInput)?.Apply(values) ?? values : values, [.. rows.Select(Label)], positions, applyLn);
        }

        /// <summary>What each attention head added to the stream: <c>L0H0</c>, <c>L0H1</c>, ... of the layers before <paramref name="layer"/> (the biases are nobody's).</summary>
        /// <param name="layer">The layer; see the class.</param>
        /// <param name="inclRemainder">Whether a last row, <c>remainder</c>, holds what the stream is beside.</param>
        /// <param name="positions">Which positions.</param>
        /// <param name="applyLn">Whether rows go through the norm that reads the stream there.</param>
        /// <returns>Rows <c>[row, batch, pos, d_model]</c>.</returns>
        /// <exception cref="DecompositionException">The cache lacks a point, the stream is no such sum, or no block has attention heads.</exception>
        public ResidualRows StackHeadResults(int? layer = null, bool inclRemainder = false, Slice positions = default, bool applyLn = false)
        {
            CachedParts parts = new(cache, positions);
            parts.RequireSum();
            var end = parts.Layer(layer);
            HeadParts heads = new(cache, parts, positions, end);
            parts.Needs(inclRemainder ? parts.Stream(end) : null).Needs(applyLn ? parts.Reader(end, false)?.HookScale.Name : null);
            heads.Require(nameof(StackHeadResults));
            using var plain = torch.no_grad();
            using var scope = torch.NewDisposeScope();
            var values = heads.Results();
            List<string> labels = [.. heads.Labels];
            if (inclRemainder)
            {
                values = torch.cat([values, parts.Take(parts.Stream(end)).Minus(values.sum([0L])).unsqueeze(0)]);
                labels.Add("remainder");
            }

            return new(applyLn ? parts.Frozen(end, false)?.Apply(values) ?? values : values, labels, positions, applyLn);
        }

        /// <summary>One activation of all layers before <paramref name="layer"/>, <c>[layer, ...]</c>. The caller disposes it.</summary>
        /// <param name="name">The activation, e.g. <c>z</c> or <c>pattern</c>.</param>
        /// <param name="layer">The layer; see the class.</param>
        /// <param name="part">Its part, where the name alone does not say (<c>scale</c> of <c>ln1</c>).</param>
        /// <exception cref="DecompositionException">The cache lacks a point.</exception>
        public Tensor StackActivation(string name, int? layer = null, string? part = null)
        {
            CachedParts parts = new(cache, Slice.All);
            var names = Enumerable.Range(0, parts.Layer(layer)).Select(l => ActivationName.Of(name, l, part)).ToList();
            parts.Needs(names).Require(nameof(StackActivation));
            using var plain = torch.no_grad();
            return torch.stack(names.Select(n => cache[n]));
        }
    }

    /// <summary>What the stream begins with.</summary>
    internal static IEnumerable<HookPoint> Embeddings(CachedParts parts) => parts.Model is Models.HookedTransformer model
        ? model.HookPosEmbed is { } position && model.Config.Positions is not Configuration.LearnedPositions { ToQueriesAndKeysOnly: true } ? [model.HookEmbed, position] : [model.HookEmbed]
        : throw new DecompositionException($"{parts.Model.Source.Name} is no decoder; its stream begins with a norm of several embeddings.");

    private static string Label(HookPoint point) => point.Layer is { } layer ? $"{layer}_{point.ShortName["hook_".Length..]}" : point.Name["hook_".Length..];
}
