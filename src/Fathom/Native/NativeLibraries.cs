using System.Runtime.InteropServices;

namespace Fathom.Native;

/// <summary>Finds and loads libtorch and TorchSharp's shim, once, before the first tensor exists.</summary>
/// <remarks>
/// On 64-bit Linux both libraries are loaded here by absolute path, so that TorchSharp finds them already present and never
/// makes its own copy of 500 MB beside the program. On other platforms TorchSharp's own loading works and is left alone.
/// Loading takes about 0.2 s and happens when TorchSharp is first used, not when Fathom is: <c>fathom --help</c> never pays.
/// </remarks>
public static class NativeLibraries
{
    private static readonly Lock LoadLock = new();
    private static readonly Lock AfterLoadLock = new();
    private static volatile bool loaded;
    private static volatile bool ready;
    private static bool entered;

    /// <summary>Where the libraries came from, or null when they are not loaded or TorchSharp loads them itself.</summary>
    public static LoadedLibraries? Loaded { get; private set; }

    /// <summary>What must happen to the process before libtorch is mapped (environment, allocator).</summary>
    internal static Action? BeforeLoad { get; set; }

    /// <summary>What must happen once, after libtorch is mapped and before Fathom computes (threads, kernels).</summary>
    internal static Action? AfterLoad { get; set; }

    /// <summary>
    /// Loads the native libraries and puts the compute policy in force. Returns at once when that is done already.
    /// Every entry point of Fathom calls it; a program that calls <c>torch.*</c> first calls it, or <see cref="LoadWithTorchSharp"/>.
    /// </summary>
    /// <exception cref="NativeLibraryException">No usable libtorch was found.</exception>
    public static void EnsureLoaded()
    {
        if (ready)
        {
            return;
        }

        Load();
        lock (AfterLoadLock)
        {
            // The policy's own arithmetic comes back here on the same thread.
            if (ready || entered)
            {
                return;
            }

            entered = true;
            try
            {
                AfterLoad?.Invoke();
                ready = true;
            }
            finally
            {
                entered = false;
            }
        }
    }

    /// <summary>
    /// Arranges that the libraries are loaded the moment TorchSharp's assembly is; costs nothing until then.
    /// Called by the module initializer that Fathom's build files put into executables.
    /// </summary>
    public static void LoadWithTorchSharp()
    {
        AppDomain.CurrentDomain.AssemblyLoad += static (_, args) =>
        {
            if (IsTorchSharp(args.LoadedAssembly))
            {
                Load();
            }
        };
        if (AppDomain.CurrentDomain.GetAssemblies().Any(IsTorchSharp))
        {
            Load();
        }
    }

    private static bool IsTorchSharp(System.Reflection.Assembly assembly) => assembly.GetName().Name == "TorchSharp";

    // Holds its lock without ever touching TorchSharp: another thread may hold the runtime's lock on that assembly and wait for ours.
    private static void Load()
    {
        if (loaded)
        {
            return;
        }

        lock (LoadLock)
        {
            if (loaded)
            {
                return;
            }

            BeforeLoad?.Invoke();
            if (OperatingSystem.IsLinux() && RuntimeInformation.ProcessArchitecture == Architecture.X64)
            {
                Loaded = LinuxLoader.Load();
            }

            loaded = true;
        }
    }
}
