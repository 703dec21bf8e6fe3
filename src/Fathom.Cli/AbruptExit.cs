using System.Runtime.InteropServices;

namespace Fathom.Cli;

/// <summary>Ends the process while a command may still be deep in native code, as after Ctrl-C.</summary>
internal static partial class AbruptExit
{
    /// <summary>Ends it without the native libraries' own clean-up, which would pull their tables away under the running command.</summary>
    internal static void Now(int code)
    {
        if (!OperatingSystem.IsWindows())
        {
            Exit(code);
        }
    }

    [LibraryImport("libc", EntryPoint = "_exit")]
    private static partial void Exit(int code);
}
