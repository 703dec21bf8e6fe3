using Fathom.Tensors;

namespace Fathom.Components;

/// <summary>Products of rows with weights. Everything is flattened to two axes first: that is the shape every kernel is fast at.</summary>
internal static class Linear
{
    /// <summary><c>rows · W + b</c>; the bias is left out where it is absent.</summary>
    /// <param name="rows"><c>[rows, input]</c>.</param>
    /// <param name="weight">Multiplied as <c>[input, output]</c>.</param>
    /// <param name="bias">Read as <c>[output]</c>; may be absent or unbound.</param>
    public static Tensor Apply(Tensor rows, Weight weight, Weight? bias = null) =>
        bias is { IsBound: true } ? bias.Value.reshape(-1).addmm(rows, weight.Matrix, 1, 1) : rows.mm(weight.Matrix);

    /// <summary>Multiplies each head's own input with that head's matrix.</summary>
    /// <param name="perHead"><c>[rows, head, d_model]</c>.</param>
    /// <param name="weight"><c>[head, d_model, d_head]</c>.</param>
    /// <param name="bias"><c>[head, d_head]</c>, or absent.</param>
    /// <returns><c>[rows, head, d_head]</c>.</returns>
    public static Tensor PerHead(Tensor perHead, Weight weight, Weight? bias)
    {
        var product = perHead.transpose(0, 1).bmm(weight.Value).transpose(0, 1);
        return bias is { IsBound: true } ? product.Plus(bias.Value) : product;
    }
}
