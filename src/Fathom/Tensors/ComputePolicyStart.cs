using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using Fathom.Native;

namespace Fathom.Tensors;

/// <summary>Hangs the policy on the loading of libtorch. Runs when Fathom's assembly is first used; loads nothing itself.</summary>
internal static class ComputePolicyStart
{
    [ModuleInitializer]
    [SuppressMessage("Usage", "CA2255", Justification = "The settings must be in place before anybody's first tensor, whoever makes it.")]
    internal static void Initialize()
    {
        NativeLibraries.BeforeLoad = Allocation.Prepare;
        NativeLibraries.AfterLoad = static () => ComputePolicy.Apply(ComputeOptions.FromEnvironment());
        NativeLibraries.LoadWithTorchSharp();
    }
}
