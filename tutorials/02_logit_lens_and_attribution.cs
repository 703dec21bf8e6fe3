#:project ../src/Fathom/Fathom.csproj
#:project ../src/Fathom.Plots/Fathom.Plots.csproj
#:package libtorch-cpu-linux-x64
#:property PublishAot=false

// What wrote the answer? The logit lens, and each component's and head's share of a logit.
// Run it with: dotnet run --file tutorials/02_logit_lens_and_attribution.cs

using Fathom.Activations;
using Fathom.Attribution;
using Fathom.Loading;
using Fathom.Models;
using Fathom.Native;
using Fathom.Plots;
using Fathom.Tensors;
using TorchSharp;

NativeLibraries.EnsureLoaded();
using var model = HookedTransformer.FromPretrained("names-4l");
const string Prompt = "Her name was Alex Hart. When Alex";
using var run = model.RunWithCache(Prompt);
var (hart, carroll) = (model.ToSingleToken(" Hart"), model.ToSingleToken(" Carroll"));

// 1. The logit lens: what would the model say if it stopped after each layer?
using var lens = run.Cache.LogitLens(positions: ^1);
foreach (var label in lens.Labels)
{
    using var logits = lens[label];
    Console.WriteLine($"{label,-10} ->{model.ToSingleStrToken(logits.ArgMaxLast())}");
}

// 2. What did each sublayer add to the logit of " Hart" over that of " Carroll"?
using var parts = run.Cache.DecomposeResid(positions: ^1);
using var shares = run.Cache.LogitAttrs(parts, hart, carroll);
foreach (var label in shares.Labels)
{
    Console.WriteLine($"{label,-12} {shares[label].ToDouble(),8:0.000} nats");
}

// The shares and what no row holds (biases) are the difference of the logits themselves.
var sum = shares.Sum().ToDouble() + run.Cache.LogitOffset(hart, carroll);
var logitDifference = run.Logits[0, -1, hart].ToDouble() - run.Logits[0, -1, carroll].ToDouble();
Console.WriteLine($"sum {sum:0.000}, logit difference {logitDifference:0.000}");

// 3. And each attention head?
using var heads = run.Cache.StackHeadResults(positions: ^1);
using var byHead = run.Cache.LogitAttrs(heads, hart, carroll);
var (layers, headCount) = (model.Config.NLayers, model.Config.NHeads);
var grid = new double[layers, headCount];
for (var i = 0; i < byHead.Count; i++)
{
    grid[i / headCount, i % headCount] = byHead[byHead.Labels[i]].ToDouble();
}

Figure.HeatMap(
    grid,
    title: "What each head adds to the logit of Hart over Carroll",
    rows: Enumerable.Range(0, layers).Select(l => $"L{l}").ToArray(),
    columns: Enumerable.Range(0, headCount).Select(h => $"H{h}").ToArray(),
    rowTitle: "layer",
    columnTitle: "head",
    valueTitle: "share, nats").Save("head-shares.html");
Console.WriteLine("Wrote head-shares.html. Open it in a browser.");
