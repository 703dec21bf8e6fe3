using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Fathom.Bench.Loading;
using Fathom.Loading;
using Fathom.Models;
using Fathom.Tensors;
using Fathom.Tests.Fixtures;

// dotnet run --project bench/Loading -c Release -- [--rounds N] [--write docs/loading.md]; FATHOM_SMOLLM2 names a folder with SmolLM2's model.gguf
const string Text = "Her name was Alex Hart. When Alex";
if (args is ["--child", var way, var place])
{
    _ = ComputePolicy.Current;
    Console.WriteLine(JsonSerializer.Serialize(Measurement.Of(() => way switch
    {
        "naive" => (place.EndsWith(".gguf", StringComparison.Ordinal) ? NaiveLlama.FirstLogits(place, Text) : NaiveGpt2.FirstLogits(place, Text), 0),
        _ => FirstLogits(place, way == "folded"),
    })));
    return 0;
}

string? After(string flag) => Array.IndexOf(args, flag) is var at and >= 0 && at + 1 < args.Length ? args[at + 1] : null;
var rounds = int.Parse(After("--rounds") ?? "7", CultureInfo.InvariantCulture);
var policy = ComputePolicy.Current;
var folder = Directory.CreateTempSubdirectory("fathom-loading-").FullName;
try
{
    RandomGpt2 gpt2 = new(Vocabulary: 50257, Positions: 1024, DModel: 768, Layers: 12, Heads: 12);
    List<(string Name, string Path)> models = [];
    foreach (var (name, type) in new[] { ("fp32", torch.float32), ("bf16", torch.bfloat16) })
    {
        var path = Directory.CreateDirectory(Path.Combine(folder, name)).FullName;
        gpt2.Write(path, type, Path.Combine(AppContext.BaseDirectory, "models", "names-4l"));
        models.Add(($"GPT-2 small's shape, safetensors, {name}", path));
    }

    if (Environment.GetEnvironmentVariable("FATHOM_SMOLLM2") is { Length: > 0 } real)
    {
        models.Add(("SmolLM2-135M, GGUF, 4 bits", Path.Combine(real, "model.gguf")));
    }

    StringBuilder table = new();
    table.AppendLine("| model | way | load to first logits | as fast as naive | peak MiB | weights MiB | peak / weights | logits differ by |");
    table.AppendLine("|---|---|---|---|---|---|---|---|");
    foreach (var (name, path) in models)
    {
        string[] ways = ["naive", "as in the file", "folded"];
        var results = ways.ToDictionary(w => w, _ => new List<Measurement>());
        for (var round = 0; round < rounds; round++)
        {
            foreach (var one in ways)
            {
                results[one].Add(Child(one, path));
            }
        }

        var naive = results["naive"];
        foreach (var one in ways)
        {
            var all = results[one];
            var (seconds, peak, weights) = (Median([.. all.Select(m => m.Seconds)]), Median([.. all.Select(m => (double)m.Peak)]), all[0].Weights);
            // Processing moves all logits of a position by one number.
            var differences = all[0].Logits.Zip(naive[0].Logits, (a, b) => (double)a - b).ToList();
            var shift = one == "folded" ? differences.Average() : 0;
            var line = string.Create(CultureInfo.InvariantCulture, $"| {name} | {one} | {seconds:0.00} s ({all.Min(m => m.Seconds):0.00} to {all.Max(m => m.Seconds):0.00}) | {(one == "naive" ? "" : $"**{Median([.. naive.Select(m => m.Seconds)]) / seconds:0.0}x**")} | {peak / 1048576:N0} | {(weights == 0 ? "" : $"{weights / 1048576.0:N0}")} | {(weights == 0 ? "" : $"**{peak / weights:0.00}**")} | {(one == "naive" ? "" : $"{differences.Max(d => Math.Abs(d - shift)):0.0e0}")} |");
            table.AppendLine(line);
            Console.WriteLine(line);
        }
    }

    if (After("--write") is { } page)
    {
        var old = File.ReadAllText(page);
        const string Begin = "<!-- measured -->\n", End = "<!-- end of measured -->";
        var (first, last) = (old.IndexOf(Begin, StringComparison.Ordinal) + Begin.Length, old.IndexOf(End, StringComparison.Ordinal));
        File.WriteAllText(page, $"{old[..first]}On {Cpu()}, {Environment.ProcessorCount} processors, {policy}; {rounds} rounds, each way in a process of its own, in turn.\n\n{table}{old[last..]}");
    }
}
finally
{
    Directory.Delete(folder, recursive: true);
}

return 0;

static (Tensor Logits, long Weights) FirstLogits(string path, bool folded)
{
    var model = HookedTransformer.FromPretrained(path, folded ? Processing.Default : Processing.None);
    var logits = model.Forward(model.ToTokens(Text, prependBos: false));
    return (logits[0, -1], model.Weights.Where(w => w.IsBound && w.TiedTo is null).Sum(w => w.Count * w.Value.element_size()));
}

static Measurement Child(string way, string path)
{
    using var process = Process.Start(new ProcessStartInfo(Environment.ProcessPath!, ["--child", way, path]) { RedirectStandardOutput = true })!;
    var line = process.StandardOutput.ReadToEnd();
    process.WaitForExit();
    return process.ExitCode == 0 ? JsonSerializer.Deserialize<Measurement>(line)! : throw new InvalidOperationException($"{way} of {path} failed.");
}

static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);

static string Cpu() => File.Exists("/proc/cpuinfo") ? File.ReadLines("/proc/cpuinfo").First(l => l.StartsWith("model name", StringComparison.Ordinal)).Split(':')[1].Trim() : "an unnamed processor";
