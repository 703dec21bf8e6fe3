using System.Text.Json;
using Fathom.Architectures;
using Fathom.Loading;
using Fathom.Loading.Checkpoints;
using Fathom.Models;
using Fathom.Tests.Fixtures;
using Fathom.Verification;

namespace Fathom.Tests.Conformance;

/// <summary>Names, order and values of TransformerLens 3.9.0 for families it computes; where Fathom differs on purpose, docs/differences.md says so.</summary>
public sealed class TransformerLensTests
{
    public static TheoryData<string> Families => [.. Family.Toys, .. Fixture.Names("transformerlens").Where(n => n != "hook-graph" && File.Exists(Path.Combine(Fixture.Folder($"transformerlens/{n}"), "config.json")) && IsKnown(n))];

    [Theory]
    [MemberData(nameof(Families))]
    public void Names_and_order_are_those_of_TransformerLens(string family)
    {
        using var scope = torch.NewDisposeScope();
        var (model, _) = Load(family, Processing.None);
        using var graph = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Fixture.Folder("transformerlens/hook-graph"), "hook-graph.json")));
        var expected = graph.RootElement.GetProperty(family);
        // A point that fires once for each of q, k and v there fires once here.
        var order = expected.GetProperty("firing_order").EnumerateArray().Select(n => n.GetString()!).Distinct().ToList();
        List<string> fired = [];
        using (model)
        {
            model.Forward(torch.tensor(new long[,] { { 1, 5, 9 } }), new() { Hooks = [(Fathom.Hooks.NameFilter.All, (_, point) =>
            {
                fired.Add(point.Name);
                return null;
            })] });
            // Parallel blocks that have one norm hold it twice there, as ln1 and ln2; here it exists and runs once.
            // The raw logits of routers and the weights used are points that it lacks.
            Assert.Equal(order.Where(n => !IsCopyOfLn1(n, model)), fired.Where(n => !n.Contains(".hook_router_", StringComparison.Ordinal)));
            Assert.Empty(expected.GetProperty("exist_but_never_fire").EnumerateArray().Select(n => n.GetString()!).Except(model.HookPoints.Select(p => p.Name)).Where(n => !IsLeftOut(n, model)));
        }
    }

    [Theory]
    [MemberData(nameof(Families))]
    public void Values_are_those_of_TransformerLens(string family) => Compare(family, "unprocessed", Processing.None);

    [Theory]
    [MemberData(nameof(Families))]
    public void Values_of_processed_models_are_those_of_TransformerLens(string family) => Compare(family, "processed", IsShortformer(family) ? new() { FoldValueBiases = true } : Processing.Default);

    [Theory]
    [MemberData(nameof(Families))]
    public void Verification_understands_every_name_of_the_dump(string family)
    {
        using var scope = torch.NewDisposeScope();
        var (model, folder) = Load(family, Processing.None);
        using var golden = Checkpoint.Open(Path.Combine(folder, "unprocessed.safetensors"));
        using (model)
        {
            var report = ModelVerification.Compare(model, golden);
            Assert.True(report.Passed, $"{family}: {report}");
        }
    }

    private static void Compare(string family, string dump, Processing processing)
    {
        using var scope = torch.NewDisposeScope();
        var (model, folder) = Load(family, processing);
        using (model)
        {
            Compare(model, family, Path.Combine(folder, $"{dump}.safetensors"));
        }
    }

    /// <summary>Compares every activation of a dump, and its logits, with those of a model.</summary>
    internal static void Compare(HookedTransformer model, string family, string dump)
    {
        using var golden = Checkpoint.Open(dump);
        Recorded run = new(model, golden.Read("input_ids"));
        var compared = 0;
        // Rows of single experts are ragged there; Verification_understands_every_name_of_the_dump compares them.
        foreach (var name in golden.Tensors.Keys.Where(n => (n.Contains("hook_", StringComparison.Ordinal) && !n.Contains(".experts.", StringComparison.Ordinal)) || n == "logits"))
        {
            var want = golden.Read(name).to(torch.float32);
            // Queries, keys and values are shown there before the bound that OLMo puts on them.
            want = IsBounded(name) && model.Blocks[0].Attn?.Config.Clip is { } bound ? want.clamp(-bound, bound) : want;
            var got = name == "logits" ? run.Logits : run[IsCopyOfLn1(name, model) ? name.Replace(".ln2.", ".ln1.", StringComparison.Ordinal) : name];
            // Norms of single heads are flattened to two axes there.
            var difference = Recorded.Distance(want, got.reshape(want.shape));
            var finite = want.masked_fill(want.isinf(), 0).abs().max().item<float>();
            Assert.True(difference <= Math.Min(1e-4, 2e-5 * Math.Max(1, finite)), $"{family}, {Path.GetFileName(dump)}: {name} differs by {difference:G3}");
            compared++;
        }

        Assert.True(compared > 5, $"{family}: only {compared} tensors were compared");
    }

    /// <summary>Points that never fire there and do not exist here: of the MLP that a block lacks, and of an input that only models with other switches have.</summary>
    private static bool IsLeftOut(string name, HookedTransformer model) => name.EndsWith("hook_attn_in", StringComparison.Ordinal) || name.EndsWith("attn.hook_attn_input", StringComparison.Ordinal)
        || (name.Contains(".hook_mlp_", StringComparison.Ordinal) && model.Blocks.All(b => b.Mlp is null));

    /// <summary>Whether the reference refuses to centre the model's unembedding, which changes nothing but a constant per position.</summary>
    internal static bool IsShortformer(string family) => family == "shortformer-2l";

    private static bool IsBounded(string name) => name.EndsWith("attn.hook_q", StringComparison.Ordinal) || name.EndsWith("attn.hook_k", StringComparison.Ordinal) || name.EndsWith("attn.hook_v", StringComparison.Ordinal);

    private static bool IsCopyOfLn1(string name, HookedTransformer model) => name.Contains(".ln2.", StringComparison.Ordinal) && model.HookPoints.All(p => p.Name != name);

    private static bool IsKnown(string name) => Catalogue.Find(Catalogue.Named(ConfigFile.Read(Path.Combine(Fixture.Folder($"transformerlens/{name}"), "config.json"))) ?? "")?.Kind == ModelKind.Decoder;

    private static (HookedTransformer Model, string Folder) Load(string family, Processing processing)
    {
        var folder = Family.Toys.Contains(family) ? Family.Folder(family) : Fixture.Folder($"transformerlens/{family}");
        var model = HookedTransformer.FromPretrained(folder, processing);
        return (model, folder);
    }
}
