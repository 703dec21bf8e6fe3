using System.Globalization;

namespace Fathom.Cli;

/// <summary>Numbers of bytes for people.</summary>
internal static class ByteSize
{
    private static readonly Dictionary<string, long> Units = new(StringComparer.OrdinalIgnoreCase)
    {
        ["B"] = 1, ["kB"] = 1000, ["MB"] = 1000_000, ["GB"] = 1000_000_000, ["TB"] = 1000_000_000_000,
        ["KiB"] = 1L << 10, ["MiB"] = 1L << 20, ["GiB"] = 1L << 30, ["TiB"] = 1L << 40, ["K"] = 1L << 10, ["M"] = 1L << 20, ["G"] = 1L << 30,
    };

    internal static string Of(long bytes) => bytes switch
    {
        >= 1_000_000_000 => FormattableString.Invariant($"{bytes / 1e9:0.0} GB"),
        >= 1_000_000 => FormattableString.Invariant($"{bytes / 1e6:0.0} MB"),
        >= 1_000 => FormattableString.Invariant($"{bytes / 1e3:0.0} kB"),
        _ => FormattableString.Invariant($"{bytes} bytes"),
    };

    /// <summary>Reads a size such as <c>4GiB</c>, <c>1.5 GB</c> or <c>512M</c>.</summary>
    /// <exception cref="CommandException">The text is no size.</exception>
    internal static long Parse(string option, string text)
    {
        var digits = text.TakeWhile(c => char.IsAsciiDigit(c) || c == '.').Count();
        var number = double.TryParse(text[..digits], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value) ? value : 0;
        var unit = text[digits..].Trim();
        return number > 0 && Units.TryGetValue(unit, out var factor) && number * factor is >= 1 and < long.MaxValue
            ? (long)(number * factor)
            : throw CommandException.Usage($"{option} '{text}' is no size. Write a number and a unit, such as 4GiB, 1.5GB or 512MiB.");
    }
}
