using System.Globalization;

namespace Fathom.Bench.Loading;

/// <summary>What a process of its own measured once: libtorch loaded, nothing else.</summary>
/// <param name="Seconds">From the start of loading to the first logits.</param>
/// <param name="Peak">The highest resident memory meanwhile, beyond what was resident before, in bytes.</param>
/// <param name="Weights">The numbers that the model holds, in bytes; zero where it is not this library's.</param>
/// <param name="Logits">The first logits, to compare.</param>
internal sealed record Measurement(double Seconds, long Peak, long Weights, float[] Logits)
{
    /// <summary>Measures in this process.</summary>
    public static Measurement Of(Func<(Tensor Logits, long Weights)> load)
    {
        using var gradients = torch.no_grad();
        using var scope = torch.NewDisposeScope();
        // Kernels and their threads exist before the clock starts, as in a program that has run before.
        torch.randn(64, 64).mm(torch.randn(64, 64));
        File.WriteAllText("/proc/self/clear_refs", "5");
        var before = Status("VmRSS");
        var start = System.Diagnostics.Stopwatch.GetTimestamp();
        var (logits, weights) = load();
        var values = logits.to(torch.float32).contiguous().data<float>().ToArray();
        var seconds = System.Diagnostics.Stopwatch.GetElapsedTime(start).TotalSeconds;
        return new(seconds, Status("VmHWM") - before, weights, values);
    }

    private static long Status(string key) =>
        long.Parse(File.ReadLines("/proc/self/status").First(l => l.StartsWith(key, StringComparison.Ordinal)).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) * 1024;
}
