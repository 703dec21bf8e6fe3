namespace Fathom.Hooks;

/// <summary>One function attached to the points that a filter chose.</summary>
internal sealed class HookRegistration
{
    public required IReadOnlyList<HookPoint> Points { get; init; }

    public required HookFunction Function { get; init; }

    /// <summary>Whether the points were named one by one, so that each of them must fire.</summary>
    public bool MustFire { get; init; } = true;

    /// <summary>Whether <c>ResetHooks</c> leaves it.</summary>
    public bool IsPermanent { get; init; }

    /// <summary>The level it was added at; <c>ResetHooks</c> can be limited to one.</summary>
    public int? Level { get; init; }
}
