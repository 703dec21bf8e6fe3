using System.Diagnostics;
using System.Globalization;
using Fathom.Tests.Fixtures;

namespace Fathom.Cli.Tests;

/// <summary>The memory of the tool as a program of its own, while it loads a model whose embedding is a large part of it.</summary>
public sealed class LoadingMemoryTests : IDisposable
{
    private static readonly RandomGpt2 Model = new(Vocabulary: 40_000, Positions: 64, DModel: 512, Layers: 8, Heads: 8);
    private readonly string _folder = Directory.CreateTempSubdirectory("fathom-memory-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("none", "float32")]
    [InlineData("default", "float32")]
    [InlineData("none", "bfloat16")]
    public void Loading_takes_at_most_a_quarter_more_than_the_weights(string processing, string stored)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The peak of another process is read from /proc, which is Linux's.");
        Model.Write(_folder, stored == "float32" ? torch.float32 : torch.bfloat16, Path.Combine(AppContext.BaseDirectory, "models", "names-4l"));
        // Processing separates embedding and unembedding; 16 stored bits become 32.
        var weights = 4 * (Model.Matrices + (processing == "none" ? 0 : Model.Embedding));

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
}
