namespace Fathom.Cli;

/// <summary>Numbers of bytes for people.</summary>
internal static class ByteSize
{
    internal static string Of(long bytes) => bytes switch
    {
        >= 1_000_000_000 => FormattableString.Invariant($"{bytes / 1e9:0.0} GB"),
        >= 1_000_000 => FormattableString.Invariant($"{bytes / 1e6:0.0} MB"),
        >= 1_000 => FormattableString.Invariant($"{bytes / 1e3:0.0} kB"),
        _ => FormattableString.Invariant($"{bytes} bytes"),
    };
}
