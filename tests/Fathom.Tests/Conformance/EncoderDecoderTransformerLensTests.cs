using System.Text.Json;
using Fathom.Hooks;
using Fathom.Loading;
using Fathom.Loading.Checkpoints;
using Fathom.Models;
using Fathom.Tests.Fixtures;
using Fathom.Verification;

namespace Fathom.Tests.Conformance;

/// <summary>Names, order and values of TransformerLens' HookedEncoderDecoder, which computes T5 of the first version.</summary>
public sealed class EncoderDecoderTransformerLensTests
{
    private static readonly string Folder = Fixture.Folder("transformerlens/t5");

    [Fact]
    public void Names_and_order_are_those_of_TransformerLens()
    {
        using var scope = torch.NewDisposeScope();
        using var model = HookedEncoderDecoder.FromPretrained(Folder);
        using var manifest = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Folder, "manifest.json")));
        List<string> Names(string key) => [.. manifest.RootElement.GetProperty(key).EnumerateArray().Select(n => n.GetString()!.Split(' ')[0])];

        // A norm that fires once for each of q, k and v there fires once here; there the decoder's word vectors have no point.
        List<string> fired = [];
        model.Forward(torch.tensor(new long[,] { { 1, 5, 9 } }), new RunOptions { Hooks = [(NameFilter.All, (_, point) =>
        {
            fired.Add(point.Name);
            return null;
        })] });
        Assert.Equal(Names("points (name, shape), in firing order").Distinct(), fired.Where(n => n != "hook_decoder_embed"));

        // rel_pos_hook belongs to no activation there.
        Assert.Empty(Names("exist_but_never_fire").Where(n => !n.EndsWith("rel_pos_hook", StringComparison.Ordinal)).Except(model.HookPoints.Select(p => p.Name)));
    }

    [Fact]
    public void Values_are_those_of_TransformerLens()
    {
        using var scope = torch.NewDisposeScope();
        using var model = HookedEncoderDecoder.FromPretrained(Folder);
        using var golden = Checkpoint.Open(Path.Combine(Folder, "unprocessed.safetensors"));
        var report = ModelVerification.Compare(model, golden);
        Assert.True(report.Passed, report.ToString());
        Assert.True(report.Tensors.Count > 60);
    }
}
