namespace Fathom.Native;

/// <summary>Thrown when libtorch, or TorchSharp's shim to it, cannot be found or loaded.</summary>
public sealed class NativeLibraryException : Exception
{
    internal NativeLibraryException(string library, IReadOnlyList<string> searched)
        : base($"{library} was not found in {string.Join(", ", searched)}. Add the package libtorch-cpu-linux-x64 {LibraryLocations.LibTorchVersion} "
            + $"(or a TorchSharp-cuda package) to the program, or set {LibraryLocations.OverrideVariable} to the folder that holds it.")
    {
        Library = library;
        Searched = searched;
    }

    internal NativeLibraryException(string library, string path, Exception cause)
        : base($"{library} was found at {path} but the system could not load it: {cause.Message.Trim()} "
            + $"Fathom needs glibc 2.34 and libstdc++ 6.0.30 or newer (Debian 12, Ubuntu 22.04), and the two packages' versions must be TorchSharp "
            + $"{LibraryLocations.TorchSharpVersion} with libtorch {LibraryLocations.LibTorchVersion}.", cause)
    {
        Library = library;
        Searched = [path];
    }

    /// <summary>The file that is missing or unusable.</summary>
    public string Library { get; }

    /// <summary>The folders, or the one file, that were tried.</summary>
    public IReadOnlyList<string> Searched { get; }
}
