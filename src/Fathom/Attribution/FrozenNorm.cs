using Fathom.Activations;
using Fathom.Components;
using Fathom.Configuration;
using Fathom.Tensors;

namespace Fathom.Attribution;

/// <summary>A norm whose statistics are those of a run: a linear map of what it reads, so that it can be applied to parts of it and to directions.</summary>
/// <param name="norm">The norm.</param>
/// <param name="scale">Its scale in the run, <c>[batch, pos, 1]</c>, sliced as the parts are.</param>
internal sealed class FrozenNorm(Norm norm, Tensor scale)
{
    /// <summary>The norm that a stack of a cache is read by, its scale sliced like the stack.</summary>
    public static FrozenNorm Of(ActivationCache cache, Norm norm, Slice positions) => new(norm, positions.Apply(cache[norm.HookScale.Name], CachedParts.PositionAxis(cache)));

    /// <summary>Applies it to parts, <c>[..., d_model]</c>; its bias belongs to no part.</summary>
    public Tensor Apply(Tensor parts)
    {
        var centred = IsCentred ? parts.Minus(parts.mean([-1L], keepdim: true)) : parts;
        return Gained(centred.Over(scale));
    }

    /// <summary>The direction before the norm and its scale that gives the same product as <paramref name="direction"/> after it: <c>Apply(x)·p = (x·Before(p)) / scale</c>.</summary>
    /// <param name="direction"><c>[d_model]</c> or <c>[d_model, n]</c>.</param>
    public Tensor Before(Tensor direction)
    {
        var gained = norm.W is { IsBound: true } w ? direction.Times(direction.dim() == 1 ? w.Value : w.Value.unsqueeze(1)) : direction;
        return IsCentred ? gained.Minus(gained.mean([0L], keepdim: true)) : gained;
    }

    /// <summary>Divides numbers projected on <see cref="Before"/> by the scale.</summary>
    /// <param name="projected"><c>[..., batch, pos]</c>, with a last axis more if there were several directions.</param>
    /// <param name="several">Whether there were.</param>
    public Tensor Scaled(Tensor projected, bool several) => projected.Over(several ? scale : scale.squeeze(-1));

    /// <summary>What the norm adds to the sum of its parts; <see langword="null"/> for nothing.</summary>
    public Tensor? Bias => norm.B is { IsBound: true } b ? b.Value : null;

    private bool IsCentred => norm.Config is LayerNormConfig;

    private Tensor Gained(Tensor x) => norm.W is { IsBound: true } w ? x.Times(w.Value) : x;
}
