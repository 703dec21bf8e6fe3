using Fathom.Native;

namespace Fathom.Tensors;

/// <summary>How this process computes: threads, the library for fp32 products, the allocator. One policy, process-wide.</summary>
/// <param name="Threads">Threads that one operation may use.</param>
/// <param name="Matmul">The library in force for fp32 products: <see cref="MatmulBackend.Mkl"/> or <see cref="MatmulBackend.OneDnn"/>.</param>
/// <param name="MatmulReason">Why that one, in a clause.</param>
/// <param name="ProductError">Largest error of an fp32 product against fp64, relative to its largest entry, measured at start.</param>
/// <param name="Allocator">What was asked of the system's allocator, in a clause.</param>
/// <remarks>
/// Results are true fp32 under every policy; the self-test refuses a backend that rounds products to bf16. Provenance of a result
/// records the policy. Two concurrent runs share it: change it before the work, not during.
/// </remarks>
public sealed record ComputePolicy(int Threads, MatmulBackend Matmul, string MatmulReason, double ProductError, string Allocator)
{
    private static readonly Lock ApplyLock = new();
    private static ComputePolicy? current;

    /// <summary>The policy in force. Loads libtorch if nothing has yet.</summary>
    /// <exception cref="ComputeSettingException">The environment asks for something that means nothing.</exception>
    /// <exception cref="NativeLibraryException">No usable libtorch was found.</exception>
    public static ComputePolicy Current
    {
        get
        {
            NativeLibraries.EnsureLoaded();
            return current ?? Apply(ComputeOptions.FromEnvironment());
        }
    }

    /// <summary>Puts other options in force for the whole process.</summary>
    /// <returns>The policy that follows from them on this machine.</returns>
    /// <exception cref="ComputeSettingException">A thread count below one, or a backend that fails the self-test here.</exception>
    /// <exception cref="NativeLibraryException">No usable libtorch was found.</exception>
    public static ComputePolicy Apply(ComputeOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options.Threads is < 1)
        {
            throw new ComputeSettingException(nameof(Threads), $"{options.Threads}", "a positive number of threads");
        }

        NativeLibraries.EnsureLoaded();
        lock (ApplyLock)
        {
            torch.set_num_threads(options.Threads ?? DefaultThreads());
            var (backend, reason, error) = MatmulChoice.Apply(options.Matmul);
            return current = new(torch.get_num_threads(), backend, reason, error, Allocation.Description);
        }
    }

    /// <summary>Gives free memory that the allocator holds back to the system. Useful after many runs of different lengths.</summary>
    public static void TrimMemory() => Allocation.Trim();

    /// <summary>The policy in one line, for provenance and <c>fathom info</c>.</summary>
    public override string ToString() =>
        FormattableString.Invariant($"{Threads} threads, fp32 products by {Matmul} ({MatmulReason}; error {ProductError:0.0e+0}), {Allocator}");

    // libtorch counts processors; .NET also knows the limits of a container.
    private static int DefaultThreads() => Environment.GetEnvironmentVariable("OMP_NUM_THREADS") is { Length: > 0 }
        ? torch.get_num_threads()
        : Math.Min(torch.get_num_threads(), Environment.ProcessorCount);
}
