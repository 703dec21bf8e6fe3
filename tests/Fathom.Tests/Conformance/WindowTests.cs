using Fathom.Components;
using Fathom.Hooks;
using Fathom.Models;
using static Fathom.Tests.Conformance.Recorded;

namespace Fathom.Tests.Conformance;

/// <summary>A run of some layers at the last positions only, on the keys and values of a base run, against the full run: the same loop, packed.</summary>
public sealed class WindowTests
{
    /// <summary>Families all of whose layers remember earlier positions by keys and values alone; a recurrence has a state instead, which no window can start from.</summary>
    public static TheoryData<string> Families => [.. Family.Names.Where(n => Family.Config(n).Blocks.All(b => b.Mixer is Configuration.AttentionConfig or Configuration.RoutedAttentionConfig))];

    [Theory]
    [MemberData(nameof(Families))]
    public void A_window_run_equals_the_full_run(string family)
    {
        using var gradients = torch.no_grad();
        using var scope = torch.NewDisposeScope();
        using var model = Family.Load(family);
        var ids = Family.Ids(family).narrow(0, 0, 1);
        var (length, layers) = (ids.shape[1], model.Config.NLayers);
        using RecordedPrefix prefix = new();
        using Pass whole = new([new Segment(1, length, prefix)], ActiveHooks.None);
        ForwardLoop.Run(model, model.EmbedRows(ids.reshape(-1), whole), whole, 0, layers);

        var layer = layers > 1 ? 1 : 0;
        var entering = model.Forward(ids, new() { StopAtLayer = layer });
        var noise = torch.linspace(-1, 1, entering.shape[^1]);
        // Three patches at two positions in one packed pass: the stream entering the layer moves there.
        (long At, double By)[] patches = [(4, 0.5), (8, 1.0), (8, -1.0)];
        var rows = torch.cat([.. patches.Select(p => Patched(entering, p.At, noise * p.By).narrow(1, p.At, length - p.At).flatten(0, 1))]);
        Segment[] segments = [new(1, length - 4, prefix.First(4)), new(2, length - 8, prefix.First(8))];
        using var pass = new Pass(segments, ActiveHooks.None).ForRunOf(length);
        if (model.Config.Positions is Configuration.LearnedPositions { ToQueriesAndKeysOnly: true })
        {
            pass.QueryKeyPositions = model.PosEmbed!.Forward(pass, model.DType).DetachFromDisposeScope();
        }

        var result = model.LogitsOf(ForwardLoop.Run(model, rows, pass, layer, layers), pass);

        long row = 0;
        foreach (var (at, by) in patches)
        {
            var full = model.Forward(ids, new() { Hooks = [(model.Blocks[layer].HookResidPre.Name, (stream, _) => Patched(stream, at, noise * by))] }).narrow(1, at, length - at).view(length - at, -1);
            var difference = Distance(full, result.narrow(0, row, length - at));
            Assert.True(difference <= 1e-4, $"{family}: a patch of layer {layer}, position {at}, gives logits that differ by {difference:G3}");
            row += length - at;
        }
    }

    private static Tensor Patched(Tensor stream, long at, Tensor shift)
    {
        var patched = stream.clone();
        patched.narrow(1, at, 1).add_(shift);
        return patched;
    }
}
