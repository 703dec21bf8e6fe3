using System.Diagnostics;
using System.Globalization;
using Fathom.Loading.Checkpoints;

namespace Fathom.Cli.Tests;

/// <summary>The memory of the tool as a program of its own, while it loads a model whose embedding is a large part of it.</summary>
public sealed class LoadingMemoryTests : IDisposable
{
    private const int DModel = 512, Vocabulary = 40_000, Layers = 8;

    // Embedding and positions; queries, keys, values, output and MLP of each layer.
    private const long Parameters = ((Vocabulary + 64L) * DModel) + (Layers * 12L * DModel * DModel);

    private readonly string _folder = Directory.CreateTempSubdirectory("fathom-memory-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("none", "float32")]
    [InlineData("default", "float32")]
    [InlineData("none", "bfloat16")]
    public void Loading_takes_at_most_a_quarter_more_than_the_weights(string processing, string stored)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The peak of another process is read from /proc, which is Linux's.");
        Write(stored == "float32" ? torch.float32 : torch.bfloat16);
        // Processing separates embedding and unembedding; 16 stored bits become 32.
        var weights = 4 * (Parameters + (processing == "none" ? 0 : (long)Vocabulary * DModel));

        var small = Peak("names-4l", processing);
        var large = Peak(_folder, processing);

        Assert.InRange(large - small, weights * 9 / 10, weights * 5 / 4);
    }

    private static long Peak(string model, string processing)
    {
        ProcessStartInfo start = new("dotnet", [Path.Combine(AppContext.BaseDirectory, "Fathom.Cli.dll"), "predict", "When Alex", "-m", model, "--processing", processing])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        long peak = 0;
        while (!process.WaitForExit(5))
        {
            try
            {
                var line = File.ReadLines($"/proc/{process.Id}/status").FirstOrDefault(l => l.StartsWith("VmHWM", StringComparison.Ordinal));
                peak = line is null ? peak : long.Parse(line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) * 1024;
            }
            catch (IOException)
            {
                // It ended between the two calls; the loop ends too.
            }
        }

        Assert.True(process.ExitCode == 0, error.GetAwaiter().GetResult());
        Assert.NotEmpty(output.GetAwaiter().GetResult());
        return peak;
    }

    private void Write(torch.ScalarType type)
    {
        File.WriteAllText(Path.Combine(_folder, "config.json"), $$"""{"model_type": "gpt2", "architectures": ["GPT2LMHeadModel"], "vocab_size": {{Vocabulary}}, "n_positions": 64, "n_embd": {{DModel}}, "n_layer": {{Layers}}, "n_head": 8}""");
        foreach (var file in Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "models", "names-4l"), "tokenizer*.json"))
        {
            File.Copy(file, Path.Combine(_folder, Path.GetFileName(file)));
        }

        using var scope = torch.NewDisposeScope();
        using torch.Generator generator = new(1);
        Dictionary<string, torch.Tensor> tensors = [];
        void Add(string name, params long[] shape) => tensors[$"transformer.{name}"] = torch.randn(shape, generator: generator).mul_(0.02f).to(type);
        Add("wte.weight", Vocabulary, DModel);
        Add("wpe.weight", 64, DModel);
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

        SafetensorsWriter.Write(Path.Combine(_folder, "model.safetensors"), tensors);
    }
}
