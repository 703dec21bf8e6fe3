using Fathom.Hooks;

namespace Fathom.Components;

/// <summary>Tells whether the second of two texts follows the first.</summary>
/// <remarks><c>out = pooled·W + b</c>: class 0 follows, class 1 does not. Its weights are left out by files of models that only predict words. Source: Devlin et al. 2018 (arXiv:1810.04805).</remarks>
public sealed class NextSentenceHead : Component
{
    internal NextSentenceHead(PartScope outer)
        : base(outer)
    {
        var scope = outer.With(("d_pooled", outer.SizeOf("d_model")), ("n_classes", 2));
        W = scope.Weight("W", "d_pooled n_classes", required: false);
        B = scope.Weight("b", "n_classes", required: false);
        HookNspOut = scope.Point("hook_nsp_out", "batch n_classes", optional: true);
    }

    /// <summary>The weights, where the file has them.</summary>
    public Weight W { get; }

    /// <summary>The bias, where the file has it.</summary>
    public Weight B { get; }

    /// <summary>The logits of the two classes, in nats.</summary>
    public HookPoint HookNspOut { get; }

    /// <summary>Computes the logits.</summary>
    /// <param name="pooled">The text as a whole, <c>[batch, d_pooled]</c>.</param>
    /// <param name="pass">The run.</param>
    /// <returns><c>[batch, n_classes]</c>.</returns>
    internal Tensor Forward(Tensor pooled, Pass pass) => pass.Apply(HookNspOut, Linear.Apply(pooled, W, B), 0);
}
