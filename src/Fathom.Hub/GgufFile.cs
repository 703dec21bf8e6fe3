using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Fathom.Hub;

/// <summary>One GGUF file of a repository that has several, written <c>owner/name/file.gguf</c>.</summary>
/// <param name="RepoId">The repository.</param>
/// <param name="Path">The file's name in it; of a split model the first part.</param>
public sealed partial record GgufFile(string RepoId, string Path)
{
    /// <summary>The file, and of a split model every part.</summary>
    public FileSelection Selection => FileSelection.Only(PartsOf(Path));

    /// <summary>Takes such a name apart.</summary>
    /// <param name="name">What the user typed.</param>
    /// <param name="file">The file, when the result is true.</param>
    public static bool TryParse(string name, [NotNullWhen(true)] out GgufFile? file)
    {
        ArgumentNullException.ThrowIfNull(name);
        var parts = name.Trim().Split('/');
        var (id, path) = (string.Join('/', parts.Take(2)), string.Join('/', parts.Skip(2)));
        file = parts.Length > 2 && path.EndsWith(".gguf", StringComparison.OrdinalIgnoreCase) && RepositoryId.Fault(id) is null && RepositoryPath.Fault(path) is null && path.AsSpan().IndexOfAny('*', '?') < 0 ? new(id, path) : null;
        return file is not null;
    }

    /// <inheritdoc/>
    public override string ToString() => $"{RepoId}/{Path}";

    /// <summary>The files that make a model together: <paramref name="path"/>, or the parts that its name numbers.</summary>
    /// <param name="path">A file's name in the repository.</param>
    public static IReadOnlyList<string> PartsOf(string path)
    {
        var match = Part().Match(path);
        return match.Success && int.TryParse(match.Groups[2].Value, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count is > 0 and <= 1000
            ? [.. Enumerable.Range(1, count).Select(i => string.Create(CultureInfo.InvariantCulture, $"{match.Groups[1].Value}-{i:D5}-of-{count:D5}.gguf"))]
            : [path];
    }

    [GeneratedRegex(@"\A(.*)-[0-9]{5}-of-([0-9]{5})\.gguf\z", RegexOptions.CultureInvariant | RegexOptions.Singleline)]
    private static partial Regex Part();
}
