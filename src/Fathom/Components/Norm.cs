using Fathom.Configuration;
using Fathom.Hooks;
using Fathom.Tensors;
using F = TorchSharp.torch.nn.functional;

namespace Fathom.Components;

/// <summary>A layer or root-mean-square norm over the last axis. Its statistics are taken in at least 32 bits.</summary>
/// <remarks>LayerNorm: Ba et al. 2016 (arXiv:1607.06450). RMSNorm: Zhang and Sennrich 2019 (arXiv:1910.07467). Gain and bias are left out once they are folded into the weights that read them.</remarks>
public sealed class Norm : Component
{
    private readonly long[] _shape;
    private readonly long[] _gainShape;

    internal Norm(PartScope scope, NormConfig config, string axes = "batch pos d_model", string gain = "d_model")
        : base(scope)
    {
        Config = config;
        scope.Register(this);
        var hasGain = config is LayerNormConfig { Gain: true } or RmsNormConfig { Gain: true };
        W = hasGain ? scope.Weight("w", gain, required: false) : null;
        B = config is LayerNormConfig { Bias: true } ? scope.Weight("b", gain, required: false) : null;
        var width = axes[(axes.LastIndexOf(' ') + 1)..];
        HookScale = scope.Point("hook_scale", $"{axes[..axes.LastIndexOf(' ')]} one");
        HookNormalized = scope.Point("hook_normalized", axes);
        _gainShape = W is null ? [] : [.. W.Shape];
        _shape = HookNormalized.Sizes.TryGetValue(width, out var size) ? [size] : [];
    }

    /// <summary>What kind of norm it is.</summary>
    public NormConfig Config { get; }

    /// <summary>The gain; unbound once folded, <see langword="null"/> if the norm has none.</summary>
    public Weight? W { get; }

    /// <summary>The bias; unbound once folded, <see langword="null"/> if the norm has none.</summary>
    public Weight? B { get; }

    /// <summary>The root of the variance or mean square.</summary>
    public HookPoint HookScale { get; }

    /// <summary>The normalized value, before gain and bias.</summary>
    public HookPoint HookNormalized { get; }

    private bool IsRms => Config is RmsNormConfig;

    private Tensor? Gain => W is { IsBound: true } ? W.Value : null;

    private Tensor? Bias => B is { IsBound: true } ? B.Value : null;

    /// <summary>Normalizes.</summary>
    /// <param name="x">Rows, <c>[rows, ..., width]</c>.</param>
    /// <param name="pass">The run.</param>
    internal Tensor Forward(Tensor x, Pass pass)
    {
        var half = x.dtype is torch.ScalarType.Float16 or torch.ScalarType.BFloat16;
        if (!IsRms && !half && _gainShape.Length <= 1 && !pass.Listens(HookScale) && !pass.Listens(HookNormalized))
        {
            return F.layer_norm(x, _shape, Gain, Bias, Config.Epsilon);
        }

        var wide = half ? x.to(torch.ScalarType.Float32) : x;
        var centered = IsRms ? wide : wide.Minus(wide.mean([-1], keepdim: true));
        var scale = pass.Apply(HookScale, centered.Squared().mean([-1], keepdim: true).Plus(Config.Epsilon).sqrt());
        var normalized = pass.Apply(HookNormalized, centered.Over(scale));
        if (half && Config is RmsNormConfig { CastBeforeGain: true } && Gain is { } rounded)
        {
            return normalized.to(x.dtype).Times(rounded.to(x.dtype));
        }

        var result = Gain is { } w ? normalized.Times(w) : normalized;
        result = Bias is { } b ? result.Plus(b) : result;
        return half ? result.to(x.dtype) : result;
    }
}
