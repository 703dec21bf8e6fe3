namespace Fathom.Hooks;

/// <summary>Thrown when a hook returns values that the model cannot go on with, such as the index of an expert that does not exist.</summary>
public sealed class HookValueException : InvalidOperationException
{
    internal HookValueException(HookPoint point, string problem)
        : base($"A hook at '{point.Name}' returned {problem}") => Point = point;

    /// <summary>Where it happened.</summary>
    public HookPoint Point { get; }
}
