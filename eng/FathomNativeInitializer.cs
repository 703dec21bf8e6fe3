namespace Fathom.Native;

/// <summary>Compiled into every executable that uses Fathom.</summary>
internal static class FathomNativeInitializer
{
    [System.Runtime.CompilerServices.ModuleInitializer]
    internal static void Initialize() => NativeLibraries.LoadWithTorchSharp();
}
