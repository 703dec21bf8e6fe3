namespace Fathom.Hub.Selection;

/// <summary>What either of two selections takes.</summary>
internal sealed record UnionSelection(FileSelection First, FileSelection Second) : FileSelection
{
    internal override Choice Choose(IReadOnlyCollection<string> paths)
    {
        var (first, second) = (First.Choose(paths), Second.Choose(paths));
        return new Choice([.. first.Files.Union(second.Files)], [.. first.Missing.Union(second.Missing)], first.ShardIndex ?? second.ShardIndex);
    }

    internal override bool IsSurelyComplete(HubSnapshot snapshot) => First.IsSurelyComplete(snapshot) && Second.IsSurelyComplete(snapshot);
}
