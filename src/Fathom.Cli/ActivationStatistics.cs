using TorchSharp;

namespace Fathom.Cli;

/// <summary>An activation in a few numbers, computed in fp64. Masked scores (minus infinity) make them infinite or no number, and are left so.</summary>
internal sealed record ActivationStatistics(double Sum, double Mean, double StandardDeviation, double Minimum, double Maximum)
{
    internal static ActivationStatistics Of(torch.Tensor activation)
    {
        using var scope = torch.NewDisposeScope();
        var values = activation.to(torch.float64).reshape(-1);
        var mean = values.mean().item<double>();
        return new(values.sum().item<double>(), mean, values.std(unbiased: false).item<double>(), values.min().item<double>(), values.max().item<double>());
    }
}
