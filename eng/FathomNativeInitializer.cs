namespace Fathom.Native;

/// <summary>Compiled into every executable that uses Fathom.</summary>
internal static class FathomNativeInitializer
{
    [System.Runtime.CompilerServices.ModuleInitializer]
#if FATHOM_LAZY_NATIVE
    internal static void Initialize() => NativeLibraries.LoadWithTorchSharp();
#else
    // Before any thread can use TorchSharp: two threads that meet it first at once would otherwise race with the loading.
    internal static void Initialize() => NativeLibraries.EnsureLoaded();
#endif
}
