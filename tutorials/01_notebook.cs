#:project ../src/Fathom/Fathom.csproj
#:project ../src/Fathom.Plots/Fathom.Plots.csproj
#:package libtorch-cpu-linux-x64
#:property PublishAot=false

// The founding notebook: load a model, look inside it, and find out which activations carry a surname.
// Run it with: dotnet run --file tutorials/01_notebook.cs

using Fathom.Activations;
using Fathom.Loading;
using Fathom.Models;
using Fathom.Native;
using Fathom.Patching;
using Fathom.Plots;
using Fathom.Plots.Sweeps;
using Fathom.Tensors;
using TorchSharp;

NativeLibraries.EnsureLoaded();

// 1. A model. "names-4l" ships with Fathom; "gpt2-small", a folder or any hub id works the same way.
using var model = HookedTransformer.FromPretrained("names-4l");

// 2. One run, every activation.
var (logits, cache) = model.RunWithCache("Famous computer scientist Alan");
Console.WriteLine($"Famous computer scientist Alan ->{model.ToSingleStrToken(logits.ArgMaxLast())}");
foreach (var (name, activation) in cache)
{
    Console.WriteLine($"{name}: {activation.Shape()}, {activation.Sum():0.00}");
}

// 3. What does it know of Alex Hart?
model.TestPrompt("Her name was Alex Hart. When Alex", " Hart").Print();

// 4. Patching by hand: the residual stream at the surname, taken from another prompt's run.
using var corrupted = model.RunWithCache("Her name was Alex Carroll. When Alex").Cache;
model.AddHook("blocks.0.hook_resid_pre", (x, hook) =>
{
    using var scope = torch.NewDisposeScope();
    x[.., 5] = corrupted[hook.Name][.., 5];
    return x;
});
model.TestPrompt("Her name was Alex Hart. When Alex", [" Hart", " Carroll"], topK: 3).Print();
model.ResetHooks();

// 5. The same at every layer and position, as a value that can be saved, changed and run again.
PatchingSweep carroll = new()
{
    From = "Her name was Alex Carroll. When Alex",
    Into = "Her name was Alex Hart. When Alex",
    Site = Site.ResidualStream,
    Over = [Axis.Layer, Axis.Position],
    Metric = Metric.LogitDifference(" Hart", " Carroll"),
};
carroll.Run(model).ToFigure("Patching with Alex/Carroll/Alex", show: ShownValue.Value).Save("carroll.html");
(carroll with { From = "Her name was Sarah Hart. When Alex" }).Run(model).ToFigure("Patching with Sarah/Hart/Alex", show: ShownValue.Value).Save("sarah.html");
(carroll with { From = "Her name was Alex Hart. When Sarah" }).Run(model).ToFigure("Patching with Alex/Hart/Sarah", show: ShownValue.Value).Save("when-sarah.html");

// 6. Which attention heads move it?
(carroll with { Site = Site.Z, Over = [Axis.Layer, Axis.Head] }).Run(model).ToFigure("Patching heads (z) with Alex/Carroll/Alex").Save("heads.html");
Console.WriteLine("Wrote carroll.html, sarah.html, when-sarah.html and heads.html. Open them in a browser.");
