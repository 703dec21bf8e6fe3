namespace Fathom.Hooks;

/// <summary>The hooks of one run, looked up by point; it remembers which points fired.</summary>
internal sealed class ActiveHooks
{
    private readonly Dictionary<HookPoint, List<HookFunction>> _functions = [];
    private readonly HashSet<HookPoint> _fired = [];
    private readonly IReadOnlyList<HookRegistration> _registrations;

    public ActiveHooks(IEnumerable<HookRegistration> registrations)
    {
        _registrations = [.. registrations];
        foreach (var registration in _registrations)
        {
            foreach (var point in registration.Points)
            {
                if (!_functions.TryGetValue(point, out var functions))
                {
                    _functions[point] = functions = [];
                }

                functions.Add(registration.Function);
            }
        }
    }

    /// <summary>No hooks.</summary>
    public static ActiveHooks None { get; } = new([]);

    /// <summary>Whether anyone listens at <paramref name="point"/>.</summary>
    public bool Listens(HookPoint point) => _functions.Count > 0 && _functions.ContainsKey(point);

    /// <summary>Passes <paramref name="activation"/> through the functions at <paramref name="point"/>, in order.</summary>
    public Tensor Apply(HookPoint point, Tensor activation)
    {
        _fired.Add(point);
        foreach (var function in _functions[point])
        {
            var result = function(activation, point);
            if (result is null || ReferenceEquals(result, activation))
            {
                continue;
            }

            if (!result.shape.AsSpan().SequenceEqual(activation.shape) || result.dtype != activation.dtype)
            {
                throw new HookShapeException(point, Describe(activation), Describe(result));
            }

            activation = result;
        }

        return activation;
    }

    /// <summary>Fails if a hook that had to fire did not.</summary>
    /// <param name="why">Why points may have been left out.</param>
    /// <param name="excused">Points that need not fire.</param>
    /// <exception cref="HookNeverFiredException">A named hook did not fire, or none of the points of a pattern did.</exception>
    public void RequireFired(string why, Func<HookPoint, bool>? excused = null)
    {
        List<string> silent = [];
        foreach (var registration in _registrations)
        {
            var missed = registration.Points.Any(_fired.Contains) ? registration.Named.Where(p => !_fired.Contains(p)) : registration.Points;
            silent.AddRange(missed.Where(p => excused?.Invoke(p) != true).Select(p => p.Name));
        }

        if (silent.Count > 0)
        {
            throw new HookNeverFiredException([.. silent.Distinct()], why);
        }
    }

    private static string Describe(Tensor t) => $"[{string.Join(", ", t.shape)}] {t.dtype}";
}
