using System.Runtime.InteropServices;

namespace Fathom.Native;

/// <summary>Loads libtorch and the shim on Linux.</summary>
internal static class LinuxLoader
{
    internal static LoadedLibraries Load()
    {
        // libtorch finds its neighbours (libtorch_cpu, libc10, libgomp) by its own run path; the shim then matches all of them by name.
        var libtorch = LibraryLocations.Find("libtorch.so");
        var shim = LibraryLocations.Find("libLibTorchSharp.so");
        try
        {
            NativeLibrary.Load(libtorch);
        }
        catch (DllNotFoundException cause)
        {
            throw new NativeLibraryException("libtorch.so", libtorch, cause);
        }

        return new(libtorch, shim, LoadShim(shim));
    }

    // True when the version need had to be made weak.
    private static bool LoadShim(string path)
    {
        try
        {
            NativeLibrary.Load(path);
            return false;
        }
        catch (DllNotFoundException cause)
        {
            var image = File.ReadAllBytes(path);
            if (!VersionNeed.MakeWeak(image, VersionNeed.IostreamMarker))
            {
                throw new NativeLibraryException("libLibTorchSharp.so", path, cause);
            }

            try
            {
                MemoryFile.Load(image);
            }
            catch (DllNotFoundException second)
            {
                throw new NativeLibraryException("libLibTorchSharp.so", path, second);
            }

            return true;
        }
    }
}
