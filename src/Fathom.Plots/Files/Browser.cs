using System.ComponentModel;
using System.Diagnostics;

namespace Fathom.Plots.Files;

/// <summary>Opens a page in the user's browser where there is a desktop to open it on.</summary>
internal static class Browser
{
    public static string Show(string html, string name, TextWriter? messages, Func<string, bool>? open = null)
    {
        var slug = string.Concat(name.Where(c => char.IsAsciiLetterOrDigit(c) || c is ' ' or '-')).Trim().Replace(' ', '-').ToLowerInvariant();
        var folder = Path.Combine(Path.GetTempPath(), "fathom-figures");
        var path = AtomicFile.Write(Path.Combine(folder, $"{(slug.Length == 0 ? "figure" : slug[..Math.Min(slug.Length, 60)])}-{Guid.NewGuid():N}"[..^24] + ".html"), html);
        if (!(open ?? Open)(path))
        {
            (messages ?? Console.Error).WriteLine($"The figure is in {path}; open it in a browser.");
        }

        return path;
    }

    private static bool Open(string path)
    {
        var program = OperatingSystem.IsWindows() ? "explorer.exe"
            : OperatingSystem.IsMacOS() ? "open"
            : HasDesktop() ? "xdg-open"
            : null;
        if (program is null)
        {
            return false;
        }

        try
        {
            using var process = Process.Start(new ProcessStartInfo(program) { ArgumentList = { path }, UseShellExecute = false, RedirectStandardError = true, RedirectStandardOutput = true });
            return process is not null;
        }
        catch (Win32Exception)
        {
            // No such program on this machine; the caller tells the user where the file is.
            return false;
        }
    }

    private static bool HasDesktop() => !string.IsNullOrEmpty(Environment.GetEnvironmentVariable("DISPLAY"))
        || !string.IsNullOrEmpty(Environment.GetEnvironmentVariable("WAYLAND_DISPLAY"));
}
