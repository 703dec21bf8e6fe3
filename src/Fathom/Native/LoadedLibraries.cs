namespace Fathom.Native;

/// <summary>Where the native libraries of this process came from.</summary>
/// <param name="LibTorch">Path of <c>libtorch.so</c>.</param>
/// <param name="Shim">Path of TorchSharp's <c>libLibTorchSharp.so</c>.</param>
/// <param name="VersionNeedMadeWeak">
/// Whether the shim asked for a C++ runtime newer than this machine's, and was loaded from memory with that need made optional.
/// </param>
public sealed record LoadedLibraries(string LibTorch, string Shim, bool VersionNeedMadeWeak);
