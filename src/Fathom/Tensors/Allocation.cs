using Fathom.Native;

namespace Fathom.Tensors;

/// <summary>The settings that must precede libtorch: the allocator's, and what its libraries read from the environment once.</summary>
/// <remarks>
/// By default glibc gives every large tensor fresh pages and returns them when it dies; the page faults cost 7 to 30 % of a long
/// forward pass. Keeping them in the heap is the gain; <see cref="Trim"/> is the way back.
/// Threads of an operation that wait for others spin about a millisecond by default: beside one other busy program that made small
/// models ten times slower (12 s instead of 1.6 s for the notebook on two cores), and a hundredth of it is as fast on an idle machine.
/// </remarks>
internal static class Allocation
{
    /// <summary>Switch of the runtime configuration: idle threads of one operation sleep instead of spinning. For busy machines, and tests.</summary>
    internal const string PassiveWaitSwitch = "Fathom.PassiveWait";

    // About 20 microseconds: longer than the pause between two operations of a forward pass.
    /// <summary>Allocations above this get pages of their own while a model is loaded, in bytes.</summary>
    private const int SmallestOwnPages = 1 << 18;

    private const int LargestHeapBlock = 1 << 30;

    private const string ShortSpin = "10000";
    private const string WaitVariable = "OMP_WAIT_POLICY";
    private const string OffVariable = "FATHOM_MALLOC";
    private static readonly Lock LoadsLock = new();
    private static bool glibc;
    private static bool keepsFreedTensors;
    private static int loads;

    internal static string Description { get; private set; } = "the system's allocator as it is";

    internal static void Prepare()
    {
        if (!OperatingSystem.IsLinux() || !(glibc = IsGlibc()))
        {
            return;
        }

        // What the user set himself stays.
        LibC.SetEnvironment("ONEDNN_PRIMITIVE_CACHE_CAPACITY", "256", overwrite: 0);
        if (AppContext.TryGetSwitch(PassiveWaitSwitch, out var passive) && passive)
        {
            LibC.SetEnvironment(WaitVariable, "PASSIVE", overwrite: 0);
        }
        else if (Environment.GetEnvironmentVariable(WaitVariable) is null or "")
        {
            LibC.SetEnvironment("GOMP_SPINCOUNT", ShortSpin, overwrite: 0);
        }

        if (Environment.GetEnvironmentVariable(OffVariable) == "system")
        {
            return;
        }

        var accepted = LibC.SetAllocatorOption(LibC.MapThreshold, LargestHeapBlock)
            & LibC.SetAllocatorOption(LibC.TrimThreshold, int.MaxValue)
            & LibC.SetAllocatorOption(LibC.TopPad, 64 << 20);
        keepsFreedTensors = accepted == 1;
        Description = keepsFreedTensors ? "freed tensors kept in the heap" : Description;
    }

    internal static void Trim()
    {
        if (OperatingSystem.IsLinux() && (glibc || IsGlibc()))
        {
            _ = LibC.TrimHeap(0);
        }
    }

    /// <summary>
    /// While a model is loaded, large tensors get pages of their own: a copy that dies leaves nothing behind, where the heap would keep a hole
    /// that the next tensor of that size, aligned to 64 bytes, does not fit into. The weights can be given back whole, too.
    /// </summary>
    internal static void BeginLoad() => Count(+1);

    /// <summary>Ends what <see cref="BeginLoad"/> began.</summary>
    internal static void EndLoad()
    {
        Count(-1);
        Trim();
    }

    private static void Count(int change)
    {
        lock (LoadsLock)
        {
            loads += change;
            if (keepsFreedTensors)
            {
                _ = LibC.SetAllocatorOption(LibC.MapThreshold, loads > 0 ? SmallestOwnPages : LargestHeapBlock);
            }
        }
    }

    private static bool IsGlibc()
    {
        try
        {
            return LibC.GlibcVersion() != 0;
        }
        catch (EntryPointNotFoundException)
        {
            // Another C library, which has none of these knobs.
            return false;
        }
    }
}
