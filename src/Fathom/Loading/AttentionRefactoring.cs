using Fathom.Components;
using Fathom.Models;
using Fathom.Tensors;

namespace Fathom.Loading;

/// <summary>Replaces the factors of each head's query-key and output-value products by balanced ones from a singular value decomposition.</summary>
/// <remarks>With biases as an extra row, <c>Ŵ_Q·Ŵ_Kᵀ = U·S·Vᵀ</c> gives <c>Ŵ_Q = U·√S</c> and <c>Ŵ_K = V·√S</c>; <c>W_V·W_O = U·S·Vᵀ</c> gives <c>W_V = U·S</c> and <c>W_O = Vᵀ</c>.</remarks>
internal static class AttentionRefactoring
{
    public static void Apply(HookedTransformer model)
    {
        foreach (var attention in model.Blocks.Select(b => b.Attn).OfType<Attention>())
        {
            using var scope = torch.NewDisposeScope();
            QueryKey(attention);
            OutputValue(attention);
        }
    }

    private static void QueryKey(Attention a)
    {
        var width = a.Config.DHead;
        var (u, s, v) = Factors(WithBias(a.WQ, a.BQ), WithBias(a.WK, a.BK));
        var root = s.narrow(-1, 0, width).sqrt().unsqueeze(-2);
        Split(u.narrow(-1, 0, width).Times(root), a.WQ, a.BQ);
        Split(v.narrow(-1, 0, width).Times(root), a.WK, a.BK);
    }

    private static void OutputValue(Attention a)
    {
        if (a.BV.IsBound)
        {
            var written = a.BV.Value.reshape(1, -1).mm(a.WO.Matrix).view(-1);
            a.BO.Bind(a.BO.IsBound ? a.BO.Value.Plus(written) : written, "folded value biases", copy: true);
            a.BV.Value.zero_();
        }

        var width = a.Config.DHead;
        var (u, s, v) = Factors(a.WV.Value, a.WO.Value.transpose(-1, -2));
        a.WV.Set(u.narrow(-1, 0, width).Times(s.narrow(-1, 0, width).unsqueeze(-2)));
        a.WO.Set(v.narrow(-1, 0, width).transpose(-1, -2));
    }

    /// <summary>Singular vectors and values of <c>left·rightᵀ</c>, per head.</summary>
    private static (Tensor U, Tensor S, Tensor V) Factors(Tensor left, Tensor right)
    {
        var product = left.contiguous().bmm(right.transpose(-1, -2).contiguous());
        var (u, s, vh) = torch.linalg.svd(product, fullMatrices: false);
        return (u, s, vh.transpose(-1, -2));
    }

    private static Tensor WithBias(Weight weight, Weight bias) =>
        torch.cat([weight.Value, (bias.IsBound ? bias.Value : torch.zeros([weight.Shape[0], weight.Shape[2]], weight.Value.dtype)).unsqueeze(1)], 1);

    private static void Split(Tensor joined, Weight weight, Weight bias)
    {
        weight.Set(joined.narrow(1, 0, weight.Shape[1]).contiguous());
        bias.Set(joined.select(1, weight.Shape[1]).contiguous());
    }
}
