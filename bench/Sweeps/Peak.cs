using System.Globalization;

namespace Fathom.Bench.Sweeps;

/// <summary>The highest resident memory of a piece of work, beyond what was resident before it (Linux).</summary>
internal static class Peak
{
    public static long Of(Action work)
    {
        File.WriteAllText("/proc/self/clear_refs", "5");
        var before = Read("VmRSS:");
        work();
        return Read("VmHWM:") - before;
    }

    private static long Read(string key) =>
        long.Parse(File.ReadLines("/proc/self/status").First(l => l.StartsWith(key, StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)[^2].Split('\t')[^1], CultureInfo.InvariantCulture) * 1024;
}
