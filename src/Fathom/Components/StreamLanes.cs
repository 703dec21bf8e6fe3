using Fathom.Hooks;
using Fathom.Tensors;

namespace Fathom.Components;

/// <summary>Makes the lanes of the stream from the embedding, and one vector of them at the end.</summary>
/// <remarks>Each further lane is a projection with the length of the first; at the end they are projected back, given the first lane's length, and averaged. Source: the released code of Google's Gemma 3n models.</remarks>
public sealed class StreamLanes : Component
{
    /// <summary>The smallest mean square that a projection is divided by the root of.</summary>
    private const double Smallest = 1e-5;

    internal StreamLanes(PartScope outer, int streams)
        : base(outer)
    {
        var scope = outer.With(("further_stream", streams - 1), ("d_from", outer.SizeOf("d_model")));
        WSpread = scope.Weight("W_spread", "further_stream d_from d_model");
        WMerge = scope.Weight("W_merge", "further_stream d_from d_model");
        HookMerged = scope.Point("hook_merged", "batch pos d_model");
    }

    /// <summary>Makes each further lane from the embedding.</summary>
    public Weight WSpread { get; }

    /// <summary>Projects each further lane back.</summary>
    public Weight WMerge { get; }

    /// <summary>What the final norm reads.</summary>
    public HookPoint HookMerged { get; }

    /// <summary>The lanes that enter the first block.</summary>
    /// <param name="embedded"><c>[rows, d_model]</c>.</param>
    /// <returns><c>[rows, stream, d_model]</c>.</returns>
    internal Tensor Spread(Tensor embedded)
    {
        var first = embedded.unsqueeze(0);
        return torch.cat([first, AsLongAs(first, first.expand(WSpread.Shape[0], -1, -1).bmm(WSpread.Value))], 0).transpose(0, 1).contiguous();
    }

    /// <summary>One vector of all lanes.</summary>
    /// <param name="lanes"><c>[rows, stream, d_model]</c>.</param>
    /// <param name="pass">The run.</param>
    /// <returns><c>[rows, d_model]</c>.</returns>
    internal Tensor Merge(Tensor lanes, Pass pass)
    {
        var (first, further) = (lanes.narrow(1, 0, 1).transpose(0, 1), lanes.narrow(1, 1, WMerge.Shape[0]).transpose(0, 1));
        return pass.Apply(HookMerged, torch.cat([first, AsLongAs(first, further.bmm(WMerge.Value))], 0).mean([0L]));
    }

    private static Tensor AsLongAs(Tensor first, Tensor lanes)
    {
        var target = first.Squared().mean([-1], keepdim: true).sqrt();
        return lanes.Times(target).Over(lanes.Squared().mean([-1], keepdim: true).AtLeast(Smallest).sqrt());
    }
}
