namespace Fathom.Patching.Planning;

/// <summary>What will be computed for a job: which cells, from where, together with which others.</summary>
internal sealed class SweepPlan
{
    /// <summary>From this many rows on, a larger group reads weights no more cheaply.</summary>
    public const long EnoughRows = 8192;

    public SweepPlan(PatchPlanner planner, IReadOnlyList<PlannedPatch> patches, long rowsPerGroup)
    {
        Patches = patches;
        var groups = Group(patches, rowsPerGroup);
        Groups = groups;
        foreach (var group in groups)
        {
            var tails = planner.Tails(group);
            foreach (var patch in group.Patches)
            {
                var (attention, mlp) = planner.RowsOf(patch, tails);
                AttentionRows += attention;
                MlpRows += mlp;
            }
        }
    }

    public IReadOnlyList<PlannedPatch> Patches { get; }

    public IReadOnlyList<PatchGroup> Groups { get; }

    /// <summary>Rows that patches send through mixers.</summary>
    public long AttentionRows { get; }

    /// <summary>Rows that patches send through MLPs.</summary>
    public long MlpRows { get; }

    /// <summary>For each sweep, the longest and the shortest of its patches once more, with the base run's own activations: what they change is rounding.</summary>
    public static List<PlannedPatch> Noise(List<PlannedPatch> patches)
    {
        List<PlannedPatch> noise = [];
        foreach (var sweep in patches.GroupBy(p => p.Run.Sweep))
        {
            var byLength = sweep.OrderByDescending(p => p.Length).ThenBy(p => p.Layer).ToList();
            foreach (var patch in new[] { byLength[0], byLength[^1] }.Distinct(ReferenceEqualityComparer.Instance).Cast<PlannedPatch>())
            {
                noise.Add(patch with { Cell = -1, Edits = [.. patch.Edits.Select(e => e with { Donor = new(patch.Run.Into), Take = -1, Live = false })] });
            }
        }

        return noise;
    }

    private static List<PatchGroup> Group(IReadOnlyList<PlannedPatch> patches, long rowsPerGroup)
    {
        List<PatchGroup> groups = [];
        List<PlannedPatch> open = [];
        long rows = 0;
        foreach (var patch in patches.OrderBy(p => p.Run.Into).ThenBy(p => p.Start).ThenBy(p => p.Layer).ThenBy(p => p.Run.Sweep).ThenBy(p => p.Run.Example).ThenBy(p => p.Cell))
        {
            if (open.Count > 0 && rows + patch.Length > rowsPerGroup)
            {
                groups.Add(new([.. open], rows));
                open.Clear();
                rows = 0;
            }

            open.Add(patch);
            rows += patch.Length;
        }

        return open.Count > 0 ? [.. groups, new([.. open], rows)] : groups;
    }
}
