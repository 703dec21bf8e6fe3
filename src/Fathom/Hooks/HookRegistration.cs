namespace Fathom.Hooks;

/// <summary>One function attached to the points that a filter chose.</summary>
internal sealed class HookRegistration
{
    public required IReadOnlyList<HookPoint> Points { get; init; }

    public required HookFunction Function { get; init; }

    /// <summary>The points that were named one by one, each of which must fire; of those that a glob or predicate chose, one must.</summary>
    public IReadOnlyList<HookPoint> Named { get; init; } = [];

    /// <summary>Whether <c>ResetHooks</c> leaves it.</summary>
    public bool IsPermanent { get; init; }

    /// <summary>The level it was added at; <c>ResetHooks</c> can be limited to one.</summary>
    public int? Level { get; init; }

    /// <summary>Attaches <paramref name="function"/> to what <paramref name="filter"/> chooses among <paramref name="points"/>.</summary>
    /// <exception cref="UnknownHookException">The filter matches nothing.</exception>
    public static HookRegistration For(NameFilter filter, IReadOnlyList<HookPoint> points, HookFunction function, bool permanent = false, int? level = null) =>
        new() { Points = filter.Resolve(points), Named = filter.Named(points), Function = function, IsPermanent = permanent, Level = level };
}
