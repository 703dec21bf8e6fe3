using System.Diagnostics;

namespace Fathom.Hub.Tests;

/// <summary>This program once more, fetching one model.</summary>
internal static class SecondProcess
{
    public static Process Start(string endpoint, string cache, string repoId)
    {
        var program = Path.Combine(AppContext.BaseDirectory, "Fathom.Hub.Tests" + (OperatingSystem.IsWindows() ? ".exe" : ""));
        var start = new ProcessStartInfo(program, ["--download", endpoint, cache, repoId]) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        start.Environment["DOTNET_TieredPGO"] = "0";
        return Process.Start(start)!;
    }
}
