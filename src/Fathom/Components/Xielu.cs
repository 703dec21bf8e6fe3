using Fathom.Tensors;

namespace Fathom.Components;

/// <summary>xIELU: quadratic above zero, a shifted exponential below, with trained slopes.</summary>
/// <remarks>Source: Huang and Schlag 2024 (arXiv:2411.13010). The slopes are stored before their softplus.</remarks>
internal sealed class Xielu
{
    private readonly Weight _alphaP;
    private readonly Weight _alphaN;
    private readonly Weight _beta;
    private readonly Weight _epsilon;

    public Xielu(PartScope scope)
    {
        _alphaP = scope.Weight("alpha_p", "one");
        _alphaN = scope.Weight("alpha_n", "one");
        _beta = scope.Weight("beta", "one");
        _epsilon = scope.Weight("eps", "one");
    }

    public Tensor Apply(Tensor x)
    {
        var beta = _beta.Value;
        var above = torch.nn.functional.softplus(_alphaP.Value);
        var below = torch.nn.functional.softplus(_alphaN.Value).Plus(beta);
        var positive = x.Squared().Times(above).Plus(x.Times(beta));
        var negative = torch.minimum(x, _epsilon.Value).expm1().Minus(x).Times(below).Plus(x.Times(beta));
        return torch.where(x.IsAbove(0), positive, negative);
    }
}
