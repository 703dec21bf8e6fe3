using Fathom.Hooks;

namespace Fathom.Components;

/// <summary>What BERT makes of a text as a whole: a layer on the stream at the first token.</summary>
/// <remarks><c>out = tanh(x·W + b)</c>. Its weights are left out by files of models that only predict words. Source: Devlin et al. 2018 (arXiv:1810.04805).</remarks>
public sealed class Pooler : Component
{
    internal Pooler(PartScope outer)
        : base(outer)
    {
        var scope = outer.With(("d_pooled", outer.SizeOf("d_model")));
        W = scope.Weight("W", "d_model d_pooled", required: false);
        B = scope.Weight("b", "d_pooled", required: false);
        HookPoolerOut = scope.Point("hook_pooler_out", "batch d_pooled", optional: true);
    }

    /// <summary>The weights, where the file has them.</summary>
    public Weight W { get; }

    /// <summary>The bias, where the file has it.</summary>
    public Weight B { get; }

    /// <summary>The text as a whole.</summary>
    public HookPoint HookPoolerOut { get; }

    /// <summary>Computes the pooled text.</summary>
    /// <param name="first">The stream at each text's first token, <c>[batch, d_model]</c>.</param>
    /// <param name="pass">The run.</param>
    /// <returns><c>[batch, d_pooled]</c>.</returns>
    internal Tensor Forward(Tensor first, Pass pass) => pass.Apply(HookPoolerOut, Linear.Apply(first, W, B).tanh(), 0);
}
