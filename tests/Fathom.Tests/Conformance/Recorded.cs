using Fathom.Hooks;
using Fathom.Models;

namespace Fathom.Tests.Conformance;

/// <summary>A run with every activation kept.</summary>
internal sealed class Recorded
{
    private readonly Dictionary<string, Tensor> _values = [];

    public Recorded(StackedModel model, Tensor ids, RunOptions? options = null)
    {
        HookFunction keep = (activation, point) =>
        {
            _values[point.Name] = activation.clone().DetachFromDisposeScope();
            return null;
        };
        Logits = model.Forward(ids, (options ?? new()) with { Hooks = [(NameFilter.All, keep)] });
        foreach (var value in _values.Values)
        {
            torch.CurrentDisposeScope?.Attach(value);
        }
    }

    public Tensor Logits { get; }

    public IReadOnlyDictionary<string, Tensor> Values => _values;

    public Tensor this[string name] => _values[name];

    /// <summary>The largest difference; equal infinities do not differ, and anything that is no number does.</summary>
    public static double Distance(Tensor a, Tensor b)
    {
        using var scope = torch.NewDisposeScope();
        Assert.Equal(a.shape, b.shape);
        var (x, y) = (a.to(torch.float64), b.to(torch.float64));
        var difference = torch.where(x.eq(y), torch.zeros_like(x), (x - y).abs()).max().item<double>();
        return double.IsNaN(difference) ? double.PositiveInfinity : difference;
    }
}
