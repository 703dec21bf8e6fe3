using System.Runtime.InteropServices;

namespace Fathom.Native;

/// <summary>The few functions of the GNU C library that .NET has no name for. Linux only.</summary>
internal static partial class LibC
{
    /// <summary>Flag of <see cref="MemoryFileCreate"/>: a child process does not inherit the descriptor.</summary>
    internal const uint CloseOnExec = 1;

    /// <summary>Allocations above this many bytes get pages of their own, returned when freed.</summary>
    internal const int MapThreshold = -3;

    /// <summary>Free memory at the top of the heap above this many bytes goes back to the system.</summary>
    internal const int TrimThreshold = -1;

    /// <summary>How many bytes more than needed the heap grows by.</summary>
    internal const int TopPad = -2;

    /// <summary>An anonymous file in memory; its descriptor, or -1.</summary>
    [LibraryImport("libc", EntryPoint = "memfd_create", StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int MemoryFileCreate(string name, uint flags);

    /// <summary>Changes the environment that native code sees; <c>Environment.SetEnvironmentVariable</c> does not.</summary>
    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int SetEnvironment(string name, string value, int overwrite);

    /// <summary>Sets an allocator parameter; 1 when accepted.</summary>
    [LibraryImport("libc", EntryPoint = "mallopt")]
    internal static partial int SetAllocatorOption(int parameter, int value);

    /// <summary>Returns free heap pages to the system; 1 when any was.</summary>
    [LibraryImport("libc", EntryPoint = "malloc_trim")]
    internal static partial int TrimHeap(nuint keep);

    /// <summary>The version of glibc, as a C string; absent in other C libraries.</summary>
    [LibraryImport("libc", EntryPoint = "gnu_get_libc_version")]
    internal static partial nint GlibcVersion();
}
