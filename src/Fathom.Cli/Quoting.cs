namespace Fathom.Cli;

/// <summary>Words as they could be typed into a POSIX shell again.</summary>
internal static class Quoting
{
    internal static string Join(IEnumerable<string> words) => string.Join(' ', words.Select(Quote).Prepend("fathom"));

    private static string Quote(string word) => word.Length > 0 && word.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.' or '/' or ':' or '=' or ',' or '@' or '+')
        ? word
        : $"'{word.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}
