namespace Fathom.Patching.Engine;

/// <summary>The residual stream of all patches in flight, packed: <c>[rows, d_model]</c>, group after group.</summary>
internal sealed class LiveRows : IDisposable
{
    public List<LiveGroup> Groups { get; private set; } = [];

    public Tensor? Rows { get; private set; }

    public long Count => Groups.Sum(g => g.Rows);

    /// <summary>Puts new values in place of the old; they are detached from scopes.</summary>
    public void Replace(Tensor rows)
    {
        if (!ReferenceEquals(rows, Rows))
        {
            Rows?.Dispose();
            Rows = rows.DetachFromDisposeScope();
        }
    }

    /// <summary>Keeps one row of each patch.</summary>
    public void ShrinkToEnd(Tensor rows)
    {
        Groups = [.. Groups.Select(g => g.Over(g.Start + g.Length - 1, 1))];
        Replace(rows);
    }

    /// <summary>Adds patches; those that start where others do lie with them.</summary>
    public void Join(IReadOnlyList<(LiveGroup Group, Tensor Rows)> born)
    {
        if (born.Count == 0)
        {
            return;
        }

        using var scope = torch.NewDisposeScope();
        List<Tensor> parts = [];
        HashSet<LiveGroup> joined = [];
        long at = 0;
        foreach (var group in Groups)
        {
            if (group.Rows > 0)
            {
                parts.Add(Rows!.narrow(0, at, group.Rows));
            }

            at += group.Rows;
            foreach (var (other, rows) in born.Where(b => !joined.Contains(b.Group) && b.Group.Prompt == group.Prompt && b.Group.Start == group.Start && b.Group.Length == group.Length).ToList())
            {
                parts.Add(rows);
                joined.Add(other);
                group.Patches.AddRange(other.Patches);
            }
        }

        foreach (var (other, rows) in born.Where(b => !joined.Contains(b.Group)))
        {
            parts.Add(rows);
            Groups.Add(other);
        }

        Replace(parts.Count == 1 ? parts[0].clone() : torch.cat(parts));
    }

    public void Dispose() => Rows?.Dispose();
}
