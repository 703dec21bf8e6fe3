using Fathom.Hooks;
using Fathom.Tensors;

namespace Fathom.Activations;

/// <summary>Collects copies of activations during one run, and their gradients after it.</summary>
internal sealed class CacheRecorder(CacheOptions options)
{
    private readonly List<KeyValuePair<string, Tensor>> _kept = [];
    private readonly List<(HookPoint Point, Tensor Live)> _live = [];

    /// <summary>The activations, in firing order; a point that fires again keeps its last value and its first place.</summary>
    public IReadOnlyList<KeyValuePair<string, Tensor>> Kept => _kept;

    /// <summary>The hook function.</summary>
    public Tensor? Record(Tensor activation, HookPoint point)
    {
        Tensor? result = null;
        if (options.GradientOf is not null || options.GradientsOf.Count > 0)
        {
            // A view of its own stays in the graph as exactly what later parts read, so that its gradient is that of the activation.
            result = activation.alias();
            _live.Add((point, result.alias().DetachFromDisposeScope()));
            result = _live[^1].Live.alias();
        }

        Keep(point, Copy(activation, point));
        return result;
    }

    /// <summary>The gradients of the scalars that were asked for, with respect to every recorded activation.</summary>
    public (Dictionary<string, Tensor> First, Dictionary<string, IReadOnlyDictionary<string, Tensor>> More) Differentiate(Tensor logits)
    {
        Dictionary<string, IReadOnlyDictionary<string, Tensor>> more = [];
        var first = options.GradientOf is { } scalar ? Differentiate(logits, scalar) : [];
        foreach (var (name, other) in options.GradientsOf)
        {
            more[name] = Differentiate(logits, other);
        }

        ForgetLive();
        return (first, more);
    }

    private Dictionary<string, Tensor> Differentiate(Tensor logits, Func<Tensor, Tensor> scalar)
    {
        using var scope = torch.NewDisposeScope();
        using var enabled = torch.enable_grad();
        var value = scalar(logits);
        if (value.numel() != 1)
        {
            throw new ArgumentException($"GradientOf must return one number; it returned {value.Shape()}.");
        }

        var wanted = _live.Where(l => l.Live.requires_grad && l.Live.is_floating_point()).ToList();
        var gradients = torch.autograd.grad([value.reshape([])], [.. wanted.Select(l => l.Live)], retain_graph: options.GradientsOf.Count > 0, allow_unused: true);
        Dictionary<string, Tensor> result = [];
        foreach (var ((point, live), gradient) in wanted.Zip(gradients))
        {
            var own = gradient is null || gradient.IsInvalid ? torch.zeros_like(live) : gradient;
            var kept = Copy(own.detach(), point);
            if (result.Remove(point.Name, out var earlier))
            {
                kept = kept.Plus(earlier).DetachFromDisposeScope();
                earlier.Dispose();
            }

            result[point.Name] = kept;
        }

        return result;
    }

    /// <summary>Frees everything that was recorded, when the run came to nothing.</summary>
    public void Discard()
    {
        ForgetLive();
        foreach (var (_, kept) in _kept)
        {
            kept.Dispose();
        }

        _kept.Clear();
    }

    private void ForgetLive()
    {
        foreach (var (_, live) in _live)
        {
            live.Dispose();
        }

        _live.Clear();
    }

    private void Keep(HookPoint point, Tensor copy)
    {
        var at = _kept.FindIndex(k => k.Key == point.Name);
        if (at < 0)
        {
            _kept.Add(new(point.Name, copy));
            return;
        }

        _kept[at].Value.Dispose();
        _kept[at] = new(point.Name, copy);
    }

    private Tensor Copy(Tensor activation, HookPoint point)
    {
        using var scope = torch.NewDisposeScope();
        var plain = activation.detach();
        if (options.Positions is { } positions && point.Axes.IndexOf(Axis.Position) is var axis and >= 0)
        {
            var (offset, length) = positions.GetOffsetAndLength((int)plain.shape[axis]);
            plain = plain.narrow(axis, offset, length);
        }

        var copy = plain.clone();
        return (options.Device is { } device ? copy.to(torch.device(device)) : copy).DetachFromDisposeScope();
    }
}
