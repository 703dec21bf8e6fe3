using Fathom.Hooks;

namespace Fathom.Patching;

/// <summary>Points that show attention's input once for each head. A run in which someone listens there norms each copy, so that other points of the sublayer change their shape or are passed by: such sweeps run apart from others.</summary>
internal static class SplitInputs
{
    private static readonly string[] Names = ["hook_attn_in", "hook_q_input", "hook_k_input", "hook_v_input"];

    /// <summary>The sweeps of a job by what they listen to: those that can share runs stand together, in their order.</summary>
    public static IReadOnlyList<int[]> Apart(PatchJob job) =>
        [.. job.Sweeps.Select((s, n) => (Kind: Kind(s), Sweep: n)).GroupBy(s => s.Kind).OrderBy(g => g.First().Sweep).Select(g => g.Select(s => s.Sweep).ToArray())];

    /// <summary>Refuses a sweep whose own points cannot be shown in one run.</summary>
    /// <exception cref="SweepInputException">It patches a head's input together with the input of all readers, or with a part of the norm behind it.</exception>
    public static void Require(IReadOnlyList<HookPoint> points)
    {
        foreach (var split in points.Where(IsSplit))
        {
            var other = points.FirstOrDefault(p => p.Layer == split.Layer && p != split
                && (p.ShortName.StartsWith("ln1.", StringComparison.Ordinal) || (IsSplit(p) && (p.ShortName == Names[0] || split.ShortName == Names[0]))));
            if (other is not null)
            {
                throw new SweepInputException($"'{split.Name}' and '{other.Name}' cannot be patched in one sweep: where heads have inputs of their own, each is normed by itself and '{other.Name}' is passed by or has another shape. Patch them in two sweeps.");
            }
        }
    }

    private static bool IsSplit(HookPoint point) => Names.Contains(point.ShortName);

    private static string Kind(ResolvedSweep sweep) => string.Join(' ', sweep.Points.Where(IsSplit).Select(p => p.ShortName).Distinct().Order(StringComparer.Ordinal));
}
