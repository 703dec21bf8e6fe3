using System.Runtime.ExceptionServices;
using Fathom.Hooks;
using Fathom.Tensors;

namespace Fathom.Activations;

/// <summary>Shows gradients to functions on their way back, and sends on what these return.</summary>
/// <param name="hooks">Points and functions.</param>
/// <param name="points">All points of the model.</param>
internal sealed class GradientGate(IReadOnlyList<(NameFilter Points, HookFunction Function)> hooks, IReadOnlyList<HookPoint> points)
{
    private readonly HashSet<HookPoint> _reached = [];
    private readonly List<HookRegistration> _registrations = [.. hooks.Select(h => HookRegistration.For(h.Points, points, h.Function))];
    private ExceptionDispatchInfo? _failure;

    /// <summary>What to attach to the forward run, in front of whatever records gradients: a point's own gradient is then the one that arrived.</summary>
    public IEnumerable<HookRegistration> Observers => _registrations.Select(r => new HookRegistration { Points = r.Points, Named = r.Named, Function = (activation, point) => Gated(activation, point, r.Function) });

    /// <summary>Fails as a function did, or because a named point's gradient never came by.</summary>
    public void Finish()
    {
        _failure?.Throw();
        var silent = _registrations.SelectMany(r => r.Named.Count > 0 ? r.Named.Where(p => !_reached.Contains(p)) : r.Points.Any(_reached.Contains) ? [] : r.Points.Take(1)).Select(p => p.Name).ToList();
        if (silent.Count > 0)
        {
            throw new HookNeverFiredException(silent, "no gradient flows through it, because the scalar does not depend on it");
        }
    }

    private Tensor? Gated(Tensor activation, HookPoint point, HookFunction function)
    {
        if (!activation.requires_grad)
        {
            return null;
        }

        Func<Tensor, Tensor> shown = gradient =>
        {
            // An exception must not cross the native engine; it is thrown when the engine is done.
            try
            {
                _reached.Add(point);
                using var plain = torch.no_grad();
                var changed = function(gradient, point) ?? gradient;
                return changed.shape.AsSpan().SequenceEqual(gradient.shape) ? changed : throw new HookShapeException(point, gradient.Shape(), changed.Shape());
            }
            catch (Exception cause)
            {
                _failure ??= ExceptionDispatchInfo.Capture(cause);
                return gradient;
            }
        };
        // The engine asks for a gradient of everything that is handed over, so the function goes beside.
        Identity.Next = shown;
        return Identity.apply(activation);
    }

    private sealed class Identity : torch.autograd.SingleTensorFunction<Identity>
    {
        [ThreadStatic]
        internal static Func<Tensor, Tensor>? Next;

        public override string Name => nameof(GradientGate);

        public override Tensor forward(torch.autograd.AutogradContext ctx, params object[] vars)
        {
            ctx.save_data("shown", Next!);
            return ((Tensor)vars[0]).alias();
        }

        public override List<Tensor> backward(torch.autograd.AutogradContext ctx, Tensor grad_output) => [((Func<Tensor, Tensor>)ctx.get_data("shown"))(grad_output)];
    }
}
