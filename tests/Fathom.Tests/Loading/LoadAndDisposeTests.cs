using System.Globalization;
using Fathom.Activations;
using Fathom.Loading;
using Fathom.Loading.Checkpoints;
using Fathom.Models;
using Fathom.Tensors;
using Fathom.Tests.Fixtures;

namespace Fathom.Tests.Loading;

/// <summary>Loading and disposing a model again and again leaves nothing behind.</summary>
public sealed class LoadAndDisposeTests
{
    private const int DModel = 256, Vocabulary = 16_000, Layers = 2;
    private const long Embedding = 4L * Vocabulary * DModel;

    [Theory]
    [InlineData("none", torch.ScalarType.Float32)]
    [InlineData("default", torch.ScalarType.Float32)]
    [InlineData("default", torch.ScalarType.BFloat16)]
    public void Twenty_loads_take_no_more_memory_than_one(string processing, torch.ScalarType dtype)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Resident memory is read from /proc, which is Linux's.");
        var folder = Checkpoint();
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
        Assert.InRange(Resident() - before, long.MinValue, Embedding * 3 / 4);
        Assert.InRange(torch.Tensor.TotalCount, 0, tensors);
    }

    private static void LoadAndRun(string folder, LoadOptions options)
    {
        using var model = HookedTransformer.FromPretrained(folder, options: options);
        using var logits = model.Run(new[] { 1, 2, 3 });
        Assert.Equal([1, 3, Vocabulary], logits.shape);
    }

    private static long Resident()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        ComputePolicy.TrimMemory();
        return long.Parse(File.ReadLines("/proc/self/status").First(l => l.StartsWith("VmRSS", StringComparison.Ordinal)).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) * 1024;
    }

    private static string Checkpoint()
    {
        var folder = Fixture.EmptyFolder();
        File.WriteAllText(Path.Combine(folder, "config.json"), $$"""{"model_type": "gpt2", "architectures": ["GPT2LMHeadModel"], "vocab_size": {{Vocabulary}}, "n_positions": 16, "n_embd": {{DModel}}, "n_layer": {{Layers}}, "n_head": 4}""");
        using var scope = torch.NewDisposeScope();
        using torch.Generator generator = new(3);
        Dictionary<string, torch.Tensor> tensors = [];
        void Add(string name, params long[] shape) => tensors[name] = torch.randn(shape, generator: generator).mul_(0.02f);
        Add("wte.weight", Vocabulary, DModel);
        Add("wpe.weight", 16, DModel);
        Add("ln_f.weight", DModel);
        Add("ln_f.bias", DModel);
        for (var i = 0; i < Layers; i++)
        {
            foreach (var (name, inputs, outputs) in new[] { ("attn.c_attn", DModel, 3 * DModel), ("attn.c_proj", DModel, DModel), ("mlp.c_fc", DModel, 4 * DModel), ("mlp.c_proj", 4 * DModel, DModel) })
            {
                Add($"h.{i}.{name}.weight", inputs, outputs);
                Add($"h.{i}.{name}.bias", outputs);
            }

            foreach (var norm in new[] { "ln_1", "ln_2" })
            {
                Add($"h.{i}.{norm}.weight", DModel);
                Add($"h.{i}.{norm}.bias", DModel);
            }
        }

        SafetensorsWriter.Write(Path.Combine(folder, "model.safetensors"), tensors);
        return folder;
    }
}
