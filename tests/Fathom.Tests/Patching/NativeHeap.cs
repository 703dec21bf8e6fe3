using System.Runtime.InteropServices;

namespace Fathom.Tests.Patching;

/// <summary>The bytes in use on the C heap, where libtorch's tensors lie. What the allocator keeps for later is not counted, so that one measurement does not hide the next.</summary>
internal static class NativeHeap
{
    /// <summary>Whether this system's C library counts them (glibc 2.33 and later).</summary>
    public static bool Counts => Information is not null;

    private static readonly Count? Information = OperatingSystem.IsLinux() && NativeLibrary.TryLoad("libc.so.6", out var library) && NativeLibrary.TryGetExport(library, "mallinfo2", out var function)
        ? Marshal.GetDelegateForFunctionPointer<Count>(function)
        : null;

    private delegate HeapInformation Count();

    /// <summary>The most bytes in use during a piece of work, beyond those before it. Looked at many times a second by a thread of its own.</summary>
    public static long PeakOf(Action work)
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        var before = InUse();
        var peak = before;
        using ManualResetEventSlim done = new();
        Thread watcher = new(() =>
        {
            while (!done.IsSet)
            {
                peak = Math.Max(peak, InUse());
                Thread.Sleep(TimeSpan.FromMicroseconds(200));
            }
        });
        watcher.Start();
        try
        {
            work();
        }
        finally
        {
            done.Set();
            watcher.Join();
        }

        return peak - before;
    }

    private static long InUse()
    {
        var info = Information!();
        return (long)(info.InUse + info.Mapped);
    }

    [StructLayout(LayoutKind.Sequential)]
    private readonly struct HeapInformation
    {
        private readonly nuint _arena;
        private readonly nuint _freeChunks;
        private readonly nuint _fastChunks;
        private readonly nuint _mappings;
        public readonly nuint Mapped;
        private readonly nuint _most;
        private readonly nuint _fast;
        public readonly nuint InUse;
        private readonly nuint _free;
        private readonly nuint _top;
    }
}
