using Fathom.Tensors;

namespace Fathom.Components;

/// <summary>A short causal convolution of each channel by itself; the inputs of the last positions are kept for the next pass.</summary>
internal sealed class CausalConvolution
{
    private readonly string _state;
    private readonly int _layer;
    private readonly long _before;

    /// <summary>Declares the weights.</summary>
    /// <param name="scope">Knows the sizes of <paramref name="channels"/> and of <c>d_kernel</c>.</param>
    /// <param name="channels">The axis of channels, or its parts.</param>
    /// <param name="bias">Whether there is a bias.</param>
    /// <param name="suffix">Tells convolutions of one mixer apart.</param>
    public CausalConvolution(PartScope scope, string channels, bool bias, string suffix = "")
    {
        W = scope.Weight($"W_conv{suffix}", $"{channels} d_kernel", $"d_kernel ({channels})");
        B = bias ? scope.Weight($"b_conv{suffix}", channels) : null;
        _state = $"conv{suffix}";
        _layer = scope.Layer;
        _before = scope.SizeOf("d_kernel") - 1;
    }

    /// <summary>The weights, the last of each channel for the position itself.</summary>
    public Weight W { get; }

    /// <summary>The bias, where there is one.</summary>
    public Weight? B { get; }

    /// <summary>Convolves.</summary>
    /// <param name="x"><c>[rows, channels]</c>.</param>
    /// <param name="pass">The run.</param>
    /// <param name="seesMasked">Whether masked tokens count (as they do in RecurrentGemma) rather than being as if absent.</param>
    public Tensor Forward(Tensor x, Pass pass, bool seesMasked = false) => pass.Mixed((segment, _) => seesMasked
        ? Convolved(pass.View(segment, x), segment, null)
        : segment.Order.Out(Convolved(segment.Order.In(pass.View(segment, x)), segment, segment.Order)));

    private Tensor Convolved(Tensor x, Segment segment, TokenOrder? order)
    {
        var (length, weights) = (segment.Length, W.Matrix);
        var before = segment.StateOf(_layer, _state) ?? torch.zeros([x.shape[0], _before, x.shape[2]], x.dtype, x.device);
        var seen = torch.cat([before, x], 1);
        var sum = seen.narrow(1, 0, length).Times(weights.select(0, 0));
        for (var k = 1; k <= _before; k++)
        {
            sum = sum.Plus(seen.narrow(1, k, length).Times(weights.select(0, k)));
        }

        segment.Prefix.Remember(_layer, _state, order?.Tail(seen, _before) ?? seen.narrow(1, length, _before).clone());
        return B is null ? sum : sum.Plus(B.Value);
    }
}
