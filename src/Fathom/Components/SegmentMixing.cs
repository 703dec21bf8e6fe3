namespace Fathom.Components;

/// <summary>What mixers do segment by segment.</summary>
internal static class SegmentMixing
{
    extension(Pass pass)
    {
        /// <summary>Mixes each segment's positions and packs the results.</summary>
        /// <param name="mix">From a segment and its index to <c>[batch, pos, ...]</c>.</param>
        /// <returns><c>[rows, ...]</c>.</returns>
        internal Tensor Mixed(Func<Segment, int, Tensor> mix)
        {
            var parts = new Tensor[pass.Segments.Count];
            for (var i = 0; i < parts.Length; i++)
            {
                using var scope = torch.NewDisposeScope();
                var mixed = mix(pass.Segments[i], i);
                parts[i] = mixed.reshape([-1, .. mixed.shape[2..]]).MoveToOuterDisposeScope();
            }

            return parts.Length == 1 ? parts[0] : torch.cat(parts);
        }

        /// <summary>A segment's rows of a packed tensor, <c>[batch, pos, ...]</c>.</summary>
        internal Tensor View(Segment segment, Tensor rows) => segment.View(rows, whole: pass.Segments.Count == 1);
    }

    extension(Segment segment)
    {
        /// <summary>The state that a recurrence left behind, one for each sequence; <see langword="null"/> at the start.</summary>
        internal Tensor? StateOf(int layer, string name) => segment.Prefix.Recall(layer, name) is { } state
            ? state.shape[0] == segment.Batch ? state : state.expand([segment.Batch, .. state.shape[1..]])
            : null;
    }

    extension(Tensor x)
    {
        /// <summary>At least 32 bits, which states are kept in.</summary>
        internal Tensor Wide() => x.dtype is torch.ScalarType.Float16 or torch.ScalarType.BFloat16 ? x.to(torch.float32) : x;
    }
}
