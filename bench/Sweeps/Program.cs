using System.Diagnostics;
using System.Globalization;
using System.Text;
using Fathom.Bench.Sweeps;
using Fathom.Loading;
using Fathom.Models;
using Fathom.Patching;
using Fathom.Tensors;

// dotnet run --project bench/Sweeps -c Release -- [--quick] [--checks N] [--long] [--only TEXT] [--cells N] [--engine ROUNDS] [--write docs/performance.md]
var quick = args.Contains("--quick");
string? After(string flag) => Array.IndexOf(args, flag) is var at and >= 0 && at + 1 < args.Length ? args[at + 1] : null;
using var gradients = torch.no_grad();
var own = ComputePolicy.Current;
using var model = Gpt2Small.Make();
using PlainLoop loop = new(model);
StringBuilder table = new();
table.AppendLine("| sweep | cells | (a) loop, default libraries | (b) loop, our kernels | (c) engine, with self-check | (a)/(c) | (b)/(c) | work saved | peak MiB | largest difference |");
table.AppendLine("|---|---|---|---|---|---|---|---|---|---|");
foreach (var one in Case.All(args.Contains("--long")).Where(c => After("--only") is not { } text || c.Name.Contains(text, StringComparison.Ordinal)))
{
    var cells = one.Cells(one.Length);
    var sample = quick ? 4 : one.Length >= 256 ? 6 : 24;
    SweepOptions options = new() { MemoryBudget = 4L << 30, CheckCells = int.Parse(After("--checks") ?? "2", CultureInfo.InvariantCulture) };
    List<double> a = [], b = [], c = [];
    if (After("--cells") is { } first)
    {
        Console.WriteLine(FirstCells.Of(model, one, int.Parse(first, CultureInfo.InvariantCulture), 4L << 30));
        continue;
    }

    if (After("--engine") is { } runs)
    {
        for (var round = 0; round < int.Parse(runs, CultureInfo.InvariantCulture); round++)
        {
            var before = Process.GetCurrentProcess().TotalProcessorTime;
            var seconds = Time(() => PatchingSweep.RunAll(model, one.Sweeps, options));
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{one.Name}: {seconds:0.000} s, {(Process.GetCurrentProcess().TotalProcessorTime - before).TotalSeconds:0.000} s of processor time"));
        }

        continue;
    }

    IReadOnlyList<SweepResult> results = PatchingSweep.RunAll(model, one.Sweeps, one.Length > 64 ? options with { CheckCells = 0, MemoryBudget = 4L << 30 } : options);
    long peak = 0;
    double worst = 0;
    for (var round = 0; round < (quick ? 1 : one.Rounds); round++)
    {
        ComputePolicy.Apply(new() { Matmul = MatmulBackend.Mkl });
        a.Add(Loop(one, sample, results, ref worst) * cells);
        ComputePolicy.Apply(new());
        b.Add(Loop(one, sample, results, ref worst) * cells);
        peak = Math.Max(peak, Peak.Of(() => c.Add(Time(() => results = PatchingSweep.RunAll(model, one.Sweeps, options)))));
    }

    var work = results[0].Work;
    var line = string.Create(CultureInfo.InvariantCulture, $"| {one.Name} | {cells:N0} | {Text(a)} | {Text(b)} | {Text(c)} | **{Median(a) / Median(c):0.0}** | {Median(b) / Median(c):0.0} | {(double)results.Sum(r => r.Work.LoopRows) / Math.Max(1, (work.AttentionRows + work.MlpRows) / 2.0):0.0}x | {peak / 1048576.0:N0} | {worst:0.0e0} |");
    table.AppendLine(line);
    Console.WriteLine(line);
}

if (After("--only") is null && After("--cells") is null)
{
    Embedded(table, quick);
}

if (After("--write") is { } path)
{
    var page = File.ReadAllText(path);
    const string Begin = "<!-- measured -->\n", End = "<!-- end of measured -->";
    var (first, last) = (page.IndexOf(Begin, StringComparison.Ordinal) + Begin.Length, page.IndexOf(End, StringComparison.Ordinal));
    File.WriteAllText(path, $"{page[..first]}On {Cpu()}, {Environment.ProcessorCount} processors, {own}:\n\n{table}{page[last..]}");
}

double Loop(Case one, int sample, IReadOnlyList<SweepResult> results, ref double worst)
{
    using var scope = torch.NewDisposeScope();
    double seconds = 0;
    var done = 0;
    for (var s = 0; s < one.Sweeps.Count; s++)
    {
        var sweep = one.Sweeps[s];
        var (resid, z) = loop.Record([.. sweep.From[0].Ids!]);
        int[] into = [.. sweep.Into[0].Ids!];
        var share = Math.Max(1, sample / one.Sweeps.Count);
        var total = results[s].Values.Count;
        for (var k = 0; k < share; k++)
        {
            var cell = (int)(((long)k * total / share) + (total / share / 2));
            double value = 0;
            seconds += Time(() => value = Cell(sweep, results[s], cell, into, resid, z));
            worst = Math.Max(worst, Math.Abs(value - results[s].Values[cell]));
            done++;
        }

        foreach (var tensor in resid.Concat(z))
        {
            tensor.Dispose();
        }
    }

    return seconds / done;
}

double Cell(PatchingSweep sweep, SweepResult result, int cell, int[] into, List<Tensor> resid, List<Tensor> z)
{
    var at = new int[result.Axes.Count];
    for (var i = at.Length - 1; i >= 0; i--)
    {
        (cell, at[i]) = Math.DivRem(cell, result.Axes[i].Count);
    }

    using var inner = torch.NewDisposeScope();
    var logits = loop.Forward(
        into,
        (x, layer) => { if (sweep.Site != Site.Z && layer == at[0]) { x[at[1]].copy_(resid[layer][at[1]]); } },
        (x, layer) =>
        {
            if (sweep.Site == Site.Z && layer == at[0])
            {
                if (at.Length == 2) { x.select(1, at[1]).copy_(z[layer].select(1, at[1])); }
                else { x[at[2], at[1]].copy_(z[layer][at[2], at[1]]); }
            }
        });
    return (logits[-1, 100] - logits[-1, 200]).ToDouble();
}

static void Embedded(StringBuilder table, bool quick)
{
    using var names = HookedTransformer.FromPretrained("names-4l");
    PatchingSweep Notebook(string from) => new() { From = from, Into = "Her name was Alex Hart. When Alex", Site = Site.ResidualStream, Over = [Axis.Layer, Axis.Position], Metric = Metric.LogitDifference(" Hart", " Carroll") };
    PatchingSweep[] three = [Notebook("Her name was Alex Carroll. When Alex"), Notebook("Her name was Sarah Hart. When Alex"), Notebook("Her name was Alex Hart. When Sarah")];
    List<double> plain = [], engine = [];
    PatchingSweep.RunAll(names, three);
    for (var round = 0; round < (quick ? 1 : 7); round++)
    {
        plain.Add(Time(() => PatchingSweep.RunAll(names, three, new() { Path = SweepPath.Plain })));
        engine.Add(Time(() => PatchingSweep.RunAll(names, three)));
    }

    var line = string.Create(CultureInfo.InvariantCulture, $"| names-4l: the notebook's three sweeps (b: the plain path) | 135 | | {Text(plain)} | {Text(engine)} | | {Median(plain) / Median(engine):0.0} | | | |");
    table.AppendLine(line);
    Console.WriteLine(line);
}

static double Time(Action work)
{
    var clock = Stopwatch.StartNew();
    work();
    return clock.Elapsed.TotalSeconds;
}

static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);

static string Text(List<double> values) => string.Create(CultureInfo.InvariantCulture, $"{Median(values):0.###} s ({values.Min():0.###} to {values.Max():0.###})");

static string Cpu() => File.Exists("/proc/cpuinfo") ? File.ReadLines("/proc/cpuinfo").First(l => l.StartsWith("model name", StringComparison.Ordinal)).Split(':')[1].Trim() : "an unnamed processor";
