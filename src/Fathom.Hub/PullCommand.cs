namespace Fathom.Hub;

/// <summary>The command line that fetches a model, as every message writes it.</summary>
internal static class PullCommand
{
    public static string For(string repoId, string? revision) =>
        $"fathom models pull {repoId}" + (revision is null or RevisionName.Default ? "" : $" --revision {revision}");
}
