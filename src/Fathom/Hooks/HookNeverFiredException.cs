namespace Fathom.Hooks;

/// <summary>Thrown when a run ends and a hook named in it did not fire, so that an experiment never silently measures nothing.</summary>
public sealed class HookNeverFiredException : InvalidOperationException
{
    internal HookNeverFiredException(IReadOnlyList<string> names, string why)
        : base($"{(names.Count == 1 ? $"The hook at '{names[0]}'" : $"{names.Count} hooks ('{names[0]}', ...)")} did not fire in this run: {why}. Hook a point that this run computes, or run the layers that hold it.") => Names = names;

    /// <summary>The points that did not fire.</summary>
    public IReadOnlyList<string> Names { get; }
}
