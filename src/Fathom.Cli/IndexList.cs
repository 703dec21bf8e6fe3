using System.Globalization;
using System.Text.RegularExpressions;

namespace Fathom.Cli;

/// <summary>Indices on a command line: <c>5</c>, <c>0-3,7</c>, <c>-1</c> (from the end).</summary>
internal static partial class IndexList
{
    private const int Most = 1_000_000;

    /// <summary>Reads the indices; null stays null.</summary>
    /// <exception cref="CommandException">The text is no list of indices.</exception>
    internal static IReadOnlyList<int>? Parse(string option, string? text)
    {
        if (text is null)
        {
            return null;
        }

        List<int> indices = [];
        foreach (var part in text.Split(','))
        {
            if (Entry().Match(part.Trim()) is not { Success: true } match || !int.TryParse(match.Groups[1].Value, CultureInfo.InvariantCulture, out var first))
            {
                throw CommandException.Usage($"{option} '{text}' is no list of indices. Write them as 5 or 0-3,7; negative ones count from the end.");
            }

            var last = match.Groups[2].Success ? int.Parse(match.Groups[2].Value, CultureInfo.InvariantCulture) : first;
            if (last < first || last - (long)first > Most)
            {
                throw CommandException.Usage($"{option} '{text}': {part.Trim()} runs backwards or too far. Write the smaller index first.");
            }

            indices.AddRange(Enumerable.Range(first, last - first + 1));
        }

        return indices;
    }

    [GeneratedRegex("^(-?[0-9]{1,9})(?:-([0-9]{1,9}))?$", RegexOptions.CultureInvariant)]
    private static partial Regex Entry();
}
