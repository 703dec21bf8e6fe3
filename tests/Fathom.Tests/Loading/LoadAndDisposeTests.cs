using System.Globalization;
using Fathom.Activations;
using Fathom.Loading;
using Fathom.Models;
using Fathom.Tensors;
using Fathom.Tests.Fixtures;

namespace Fathom.Tests.Loading;

/// <summary>Loading and disposing a model again and again leaves nothing behind.</summary>
public sealed class LoadAndDisposeTests
{
    private static readonly RandomGpt2 Model = new(Vocabulary: 16_000, Positions: 16, DModel: 256, Layers: 2, Heads: 4);

    [Theory]
    [InlineData("none", torch.ScalarType.Float32)]
    [InlineData("default", torch.ScalarType.Float32)]
    [InlineData("default", torch.ScalarType.BFloat16)]
    public void Twenty_loads_take_no_more_memory_than_one(string processing, torch.ScalarType dtype)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Resident memory is read from /proc, which is Linux's.");
        var folder = Fixture.EmptyFolder();
        Model.Write(folder, torch.float32);
        LoadOptions options = new() { Processing = processing == "none" ? Processing.None : Processing.Default, DType = dtype };
        for (var i = 0; i < 3; i++)
        {
            LoadAndRun(folder, options);
        }

        var (before, tensors) = (Resident(), torch.Tensor.TotalCount);
        for (var i = 0; i < 20; i++)
        {
            LoadAndRun(folder, options);
        }

        // A single embedding left behind by one load in twenty would be more.
        Assert.InRange(Resident() - before, long.MinValue, 4 * Model.Embedding * 3 / 4);
        Assert.InRange(torch.Tensor.TotalCount, 0, tensors);
    }

    private static void LoadAndRun(string folder, LoadOptions options)
    {
        using var model = HookedTransformer.FromPretrained(folder, options: options);
        using var logits = model.Run(new[] { 1, 2, 3 });
        Assert.Equal([1, 3, Model.Vocabulary], logits.shape);
    }

    private static long Resident()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        ComputePolicy.TrimMemory();
        return long.Parse(File.ReadLines("/proc/self/status").First(l => l.StartsWith("VmRSS", StringComparison.Ordinal)).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) * 1024;
    }
}
