namespace Fathom.Hooks;

/// <summary>Thrown when a hook returns an activation of another shape or type than it was given.</summary>
public sealed class HookShapeException : InvalidOperationException
{
    internal HookShapeException(HookPoint point, string given, string returned)
        : base($"A hook at '{point.Name}' was given {given} with axes {point.Axes} and returned {returned}. Return a tensor of the same shape and type, or null to leave the activation as it is.") => Point = point;

    /// <summary>Where it happened.</summary>
    public HookPoint Point { get; }
}
