using Fathom.Configuration;
using Fathom.Hooks;
using Fathom.Tensors;

namespace Fathom.Components;

/// <summary>A low-rank branch beside attention, which reads what attention reads.</summary>
/// <remarks><c>out = x + norm(x·W_in·W_out)</c>. Source: Menghani et al. 2024 (arXiv:2411.07501).</remarks>
public sealed class Laurel : Component
{
    internal Laurel(PartScope outer, LaurelConfig config)
        : base(outer)
    {
        var scope = outer.With(("d_laurel", config.Rank));
        WIn = scope.Weight("W_in", "d_model d_laurel");
        WOut = scope.Weight("W_out", "d_laurel d_model");
        HookMid = scope.Point("hook_mid", "batch pos d_laurel");
        Ln = new(scope.Child("ln"), config.Norm);
    }

    /// <summary>Input weights.</summary>
    public Weight WIn { get; }

    /// <summary>Output weights.</summary>
    public Weight WOut { get; }

    /// <summary>The norm of what the weights write.</summary>
    public Norm Ln { get; }

    /// <summary>The narrow middle.</summary>
    public HookPoint HookMid { get; }

    /// <summary>What the branch adds, before the factor of the join.</summary>
    /// <param name="x">What attention reads, <c>[rows, d_model]</c>.</param>
    /// <param name="pass">The run.</param>
    internal Tensor Forward(Tensor x, Pass pass) => x.Plus(Ln.Forward(Linear.Apply(pass.Apply(HookMid, Linear.Apply(x, WIn)), WOut), pass));
}
