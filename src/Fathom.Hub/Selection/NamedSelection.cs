using System.IO.Enumeration;

namespace Fathom.Hub.Selection;

/// <summary>Files by name or pattern.</summary>
/// <param name="Required">Patterns that must match.</param>
/// <param name="Optional">Patterns that may match.</param>
internal sealed record NamedSelection(IReadOnlyList<string> Required, IReadOnlyList<string> Optional) : FileSelection
{
    internal override Choice Choose(IReadOnlyCollection<string> paths) =>
        new([.. paths.Where(p => Required.Concat(Optional).Any(n => Matches(n, p)))], [.. Required.Where(n => !paths.Any(p => Matches(n, p)))]);

    // A pattern, or an optional file, may match more than what is here.
    internal override bool IsSurelyComplete(HubSnapshot snapshot) => Optional.Count == 0 && !Required.Any(r => r.AsSpan().ContainsAny('*', '?')) && base.IsSurelyComplete(snapshot);

    private static bool Matches(string pattern, string path) => FileSystemName.MatchesSimpleExpression(pattern, path, ignoreCase: false);
}
