using Fathom.Components;
using Fathom.Configuration;
using Fathom.Hooks;
using Fathom.Patching.Planning;
using Fathom.Tensors;

namespace Fathom.Patching.Engine;

/// <summary>Patches of values: queries and keys stay the base run's, so that the pattern does, and <c>z</c> changes by <c>pattern · Δv</c>. No scores are computed.</summary>
internal static class FixedPatterns
{
    /// <summary>Whether what heads mix is linear in a point, with a pattern that does not depend on it.</summary>
    public static bool Hold(TransformerBlock block, HookPoint point) =>
        block.Attn is { Config: { KeysFrom: null, ValueNorm: null, OutputGate: false } } attention && point == attention.HookV;

    /// <summary>What a base run must have recorded.</summary>
    public static IEnumerable<HookPoint> PointsFor(Attention attention) => [attention.HookV, attention.HookPattern, attention.HookZ];

    /// <summary>The mixed values of a group's patches, <c>[patches, rows, head, d_head_v]</c>: of all its rows, or of the last alone.</summary>
    /// <param name="attention">The attention whose values are replaced.</param>
    /// <param name="run">The base run.</param>
    /// <param name="group">The patches.</param>
    /// <param name="values">Their values, <c>[patches, rows, kv_head, d_head_v]</c>.</param>
    /// <param name="ends">Whether only the last position is read.</param>
    public static Tensor Mixed(Attention attention, PromptRun run, LiveGroup group, Tensor values, bool ends)
    {
        var (patches, kv, width) = (values.shape[0], values.shape[2], values.shape[3]);
        var (first, rows) = ends ? (group.Start + group.Length - 1, 1) : (group.Start, group.Length);
        // Behind the last replaced value nothing differs.
        var keys = group.Patches.Max(p => p.Edits.Max(e => e.Position < 0 ? group.Length : e.Position + 1 - group.Start));
        var change = values.narrow(1, 0, keys).Minus(run[attention.HookV].narrow(0, group.Start, keys)).permute(2, 1, 0, 3).reshape(kv, keys, patches * width);
        var pattern = run[attention.HookPattern].narrow(1, first, rows).narrow(2, group.Start, keys).reshape(kv, -1, keys);
        var moved = pattern.bmm(change).view(kv, pattern.shape[1] / rows, rows, patches, width).permute(3, 2, 0, 1, 4).reshape(patches, rows, -1, width);
        return moved.Plus(run[attention.HookZ].narrow(0, first, rows));
    }
}
