using System.Globalization;

namespace Fathom.Plots;

/// <summary>What a terminal can show.</summary>
public sealed record TerminalOptions
{
    /// <summary>80 columns, no colour: for files and pipes.</summary>
    public static TerminalOptions Plain { get; } = new();

    /// <summary>The number of columns; fewer than 40 count as 40.</summary>
    public int Width { get; init; } = 80;

    /// <summary>The colours it has.</summary>
    public TerminalColors Colors { get; init; }

    /// <summary>Whether only ASCII characters may be written; any other becomes a look-alike or a question mark.</summary>
    public bool Ascii { get; init; }

    /// <summary>Reads what the environment says: <c>NO_COLOR</c>, <c>CLICOLOR_FORCE</c>, <c>COLORTERM</c>, <c>TERM</c>, <c>COLUMNS</c>.</summary>
    /// <param name="redirected">Whether the output goes to a file or a pipe; then there is no colour unless <c>CLICOLOR_FORCE</c> asks for it.</param>
    /// <param name="width">The terminal's width where the caller knows it.</param>
    /// <param name="variable">Reads an environment variable. Null: the process's own.</param>
    public static TerminalOptions Detect(bool redirected, int? width = null, Func<string, string?>? variable = null)
    {
        variable ??= Environment.GetEnvironmentVariable;
        var columns = width ?? (int.TryParse(variable("COLUMNS"), NumberStyles.None, CultureInfo.InvariantCulture, out var told) ? told : 80);
        return new() { Width = columns, Colors = ColorsOf(redirected, variable) };
    }

    private static TerminalColors ColorsOf(bool redirected, Func<string, string?> variable)
    {
        var forced = variable("CLICOLOR_FORCE") is { Length: > 0 } and not "0";
        var term = variable("TERM") ?? "";
        if (!forced && (variable("NO_COLOR") is { Length: > 0 } || redirected || term == "dumb"))
        {
            return TerminalColors.None;
        }

        return variable("COLORTERM") is "truecolor" or "24bit" || variable("WT_SESSION") is { Length: > 0 }
            ? TerminalColors.TrueColor
            : forced || term.Length > 0 ? TerminalColors.Ansi256 : TerminalColors.None;
    }
}
