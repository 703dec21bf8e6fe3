using Fathom.Tensors;

namespace Fathom.Components;

/// <summary>Keeps what exceeds a quantile of the normal distribution that a row of neurons would have: about the largest share of them, without sorting.</summary>
/// <remarks><c>relu(x - mean - std · z(p))</c> with the biased standard deviation. Source: the released code of Google's Gemma 3n models.</remarks>
internal static class GaussianTopK
{
    /// <summary>Applies the cutoff.</summary>
    /// <param name="x"><c>[rows, d_mlp]</c>.</param>
    /// <param name="share">The share <c>p</c> that becomes zero, between 0 and 1.</param>
    public static Tensor Apply(Tensor x, double share)
    {
        var mean = x.mean([-1], keepdim: true);
        var deviation = x.Minus(mean).Squared().mean([-1], keepdim: true).sqrt();
        return x.Minus(mean.Plus(deviation.Times(Quantile(share)))).relu();
    }

    /// <summary>The standard normal distribution's quantile.</summary>
    private static double Quantile(double share)
    {
        using var scope = torch.NewDisposeScope();
        return Math.Sqrt(2) * torch.tensor((2 * share) - 1, torch.float64).erfinv().item<double>();
    }
}
