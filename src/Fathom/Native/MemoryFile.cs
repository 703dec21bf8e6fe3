using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Microsoft.Win32.SafeHandles;

namespace Fathom.Native;

/// <summary>Loads a shared library from bytes: from anonymous memory, or from a private cached file where memory may not be executed.</summary>
internal static class MemoryFile
{
    internal static void Load(byte[] image)
    {
        var descriptor = LibC.MemoryFileCreate("libLibTorchSharp.so", LibC.CloseOnExec);
        if (descriptor >= 0)
        {
            using var handle = new SafeFileHandle(descriptor, ownsHandle: true);
            RandomAccess.Write(handle, image, 0);
            if (NativeLibrary.TryLoad($"/proc/self/fd/{descriptor}", out _))
            {
                return;
            }
        }

        NativeLibrary.Load(CachedFile(image));
    }

    // Named by its content and moved into place whole, so that programs starting together agree on it.
    private static string CachedFile(byte[] image)
    {
        var cache = Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } named
            ? named
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache");
        var folder = Path.Combine(cache, "fathom", "native", Convert.ToHexStringLower(SHA256.HashData(image)));
        var path = Path.Combine(folder, "libLibTorchSharp.so");
        if (File.Exists(path) && File.ReadAllBytes(path).AsSpan().SequenceEqual(image))
        {
            return path;
        }

        Directory.CreateDirectory(folder);
        var draft = Path.Combine(folder, Path.GetRandomFileName());
        File.WriteAllBytes(draft, image);
        File.Move(draft, path, overwrite: true);
        return path;
    }
}
