using Fathom.Activations;
using Fathom.Components;
using Fathom.Tensors;

namespace Fathom.Attribution;

/// <summary>Parts of the residual stream as the unembedding sees them.</summary>
public static class LogitExtensions
{
    extension(ActivationCache cache)
    {
        /// <summary>Puts rows through the norm that reads the stream at a layer.</summary>
        /// <param name="stack">Rows of this cache.</param>
        /// <param name="layer">The layer; <see langword="null"/> for the end of the stream.</param>
        /// <param name="mlpInput">Whether it is the norm before that layer's MLP.</param>
        /// <param name="recomputeLn">Whether each row is normed by its own statistics rather than the run's; then the bias is added to each, too.</param>
        /// <returns>New rows, the caller's.</returns>
        /// <exception cref="DecompositionException">The cache lacks the norm's scale, or the rows were normed already.</exception>
        public ResidualRows ApplyLnToStack(ResidualRows stack, int? layer = null, bool mlpInput = false, bool recomputeLn = false)
        {
            ArgumentNullException.ThrowIfNull(stack);
            if (stack.IsNormalized)
            {
                throw new DecompositionException("These rows went through a norm already; make them without applyLn to norm them once.");
            }

            CachedParts parts = new(cache, stack.Positions);
            var norm = parts.Reader(parts.Layer(layer), mlpInput);
            parts.Needs(recomputeLn ? null : norm?.HookScale.Name).Require(nameof(ApplyLnToStack));
            using var plain = torch.no_grad();
            using var scope = torch.NewDisposeScope();
            return new(norm is null ? stack.Values.clone() : recomputeLn ? Normalization.Own(norm, stack.Values) : FrozenNorm.Of(cache, norm, stack.Positions).Apply(stack.Values), stack.Labels, stack.Positions, normalized: true);
        }

        /// <summary>What each row adds to a token's logit, or to the difference of two tokens' logits (direct logit attribution).</summary>
        /// <remarks>
        /// Through the final norm with the statistics of the run. The sum over a complete set of rows is the logit less what no row holds: the unembedding's bias and the final norm's
        /// (<see cref="LogitOffset"/>), before any bound on logits.
        /// </remarks>
        /// <param name="stack">Rows of this cache.</param>
        /// <param name="tokens">The token: one id; or ids <c>[batch]</c> (one answer for each sequence) or <c>[batch, pos]</c>, int64.</param>
        /// <param name="incorrectTokens">The token whose logit is subtracted, likewise; <see langword="null"/> for none.</param>
        /// <returns>Rows <c>[row, batch, pos]</c>, in nats, without the axes that slices took away. The caller disposes them.</returns>
        /// <exception cref="DecompositionException">The cache lacks the norm's scale, or logits are no linear function of the stream.</exception>
        public ResidualRows LogitAttrs(ResidualRows stack, Tensor tokens, Tensor? incorrectTokens = null)
        {
            ArgumentNullException.ThrowIfNull(stack);
            ArgumentNullException.ThrowIfNull(tokens);
            using var plain = torch.no_grad();
            using var scope = torch.NewDisposeScope();
            var unembed = Linear(cache);
            var rows = stack.IsNormalized ? stack.Values : cache.ApplyLnToStack(stack).Values;
            var direction = Directions(unembed, tokens, rows);
            direction = incorrectTokens is null ? direction : direction.Minus(Directions(unembed, incorrectTokens, rows));
            var scale = new CachedParts(cache, Slice.All).Model.Config.LogitScale;
            return new(rows.Times(direction).sum([-1L]).Times(scale), stack.Labels, stack.Positions, normalized: true);
        }

        /// <summary>As <see cref="LogitAttrs(ActivationCache, ResidualRows, Tensor, Tensor)"/>, for one token everywhere.</summary>
        /// <param name="stack">Rows of this cache.</param>
        /// <param name="token">The token's id.</param>
        /// <param name="incorrectToken">The id of the token whose logit is subtracted; <see langword="null"/> for none.</param>
        /// <returns>Rows <c>[row, batch, pos]</c>, in nats. The caller disposes them.</returns>
        public ResidualRows LogitAttrs(ResidualRows stack, int token, int? incorrectToken = null)
        {
            using var right = torch.tensor((long)token);
            using var wrong = incorrectToken is { } other ? torch.tensor((long)other) : null;
            return cache.LogitAttrs(stack, right, wrong);
        }

        /// <summary>What a logit (or a difference of two) holds that no row of the stream does: the unembedding's bias, and the final norm's through the unembedding. In nats.</summary>
        /// <param name="token">The token's id.</param>
        /// <param name="incorrectToken">The id of the token whose logit is subtracted; <see langword="null"/> for none.</param>
        public double LogitOffset(int token, int? incorrectToken = null)
        {
            using var plain = torch.no_grad();
            using var scope = torch.NewDisposeScope();
            var unembed = Linear(cache);
            var model = new CachedParts(cache, Slice.All).Model;
            double Of(int id)
            {
                var bias = unembed.BU.IsBound ? unembed.BU.Value[id].to(torch.float64).item<double>() : 0;
                return model.LnFinal is { B: { IsBound: true } b } ? bias + b.Value.Times(Column(unembed, id)).sum().to(torch.float64).item<double>() : bias;
            }

            return (Of(token) - (incorrectToken is { } wrong ? Of(wrong) : 0)) * model.Config.LogitScale;
        }

        /// <summary>The logits that each layer's stream would give: the final norm with the row's own statistics, then head, unembedding, bias, factor and bound. The last row is the model's logits.</summary>
        /// <param name="inclMid">Whether the streams between sublayers are rows too.</param>
        /// <param name="positions">Which positions.</param>
        /// <returns>Rows <c>[row, batch, pos, d_vocab]</c>, labelled as <see cref="DecompositionExtensions"/>'s <c>AccumulatedResid</c>. The caller disposes them.</returns>
        /// <exception cref="DecompositionException">The cache lacks a point.</exception>
        /// <remarks>Source: nostalgebraist 2020, "interpreting GPT: the logit lens".</remarks>
        public ResidualRows LogitLens(bool inclMid = false, Slice positions = default)
        {
            using var plain = torch.no_grad();
            using var scope = torch.NewDisposeScope();
            var stack = cache.AccumulatedResid(inclMid: inclMid, positions: positions);
            using Pass idle = new([], Hooks.ActiveHooks.None);
            var model = new CachedParts(cache, positions).Model;
            var vector = model.Lanes is null ? 1 : 2;
            var lead = stack.Values.shape[..^vector];
            var logits = model.LogitsOf(stack.Values.reshape([-1, .. stack.Values.shape[^vector..]]), idle);
            return new(logits.view([.. lead, logits.shape[^1]]), stack.Labels, positions, normalized: true);
        }
    }

    private static Unembed Linear(ActivationCache cache)
    {
        var model = new CachedParts(cache, Slice.All).Model;
        return model switch
        {
            { Head: not null } => throw new DecompositionException($"Between the stream and the logits of {model.Source.Name} lies a head with a nonlinearity, so logits are no sum over parts of the stream. LogitLens works."),
            { Unembed: { } unembed } => unembed,
            _ => throw new DecompositionException($"{model.Source.Name} gives no logits."),
        };
    }

    // [d_model] of a token: a column of the unembedding, through the projection before it where there is one.
    private static Tensor Column(Unembed unembed, int token) => Columns(unembed, torch.tensor([(long)token], torch.int64)).select(0, 0);

    private static Tensor Columns(Unembed unembed, Tensor ids)
    {
        var columns = unembed.WU.Value.index_select(1, ids);
        return (unembed.WProj is { } projection ? projection.Value.mm(columns) : columns).transpose(0, 1);
    }

    /// <summary>The tokens' directions, shaped to multiply rows: ids of one axis are one for each sequence.</summary>
    private static Tensor Directions(Unembed unembed, Tensor tokens, Tensor rows)
    {
        var columns = Columns(unembed, tokens.to(torch.int64).reshape(-1)).view([.. tokens.shape, -1]);
        var inner = rows.dim() - 2;
        if (tokens.dim() > inner || tokens.shape.Zip(rows.shape.Skip(1)).Any(s => s.First != 1 && s.First != s.Second))
        {
            throw new ArgumentException($"Tokens are one id, or ids of the rows' leading axes [{string.Join(", ", rows.shape[1..^1])}] (batch, then pos); found [{string.Join(", ", tokens.shape)}].", nameof(tokens));
        }

        // Ids for each sequence serve all its positions.
        return tokens.dim() == 0 ? columns : columns.view([.. tokens.shape, .. Enumerable.Repeat(1L, (int)inner - (int)tokens.dim()), columns.shape[^1]]);
    }
}
