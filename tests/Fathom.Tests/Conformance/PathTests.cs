using Fathom.Patching;
using Axis = Fathom.Tensors.Axis;

namespace Fathom.Tests.Conformance;

/// <summary>Path patching on every decoder family: each cell is computed again by two whole runs.</summary>
public sealed class PathTests
{
    public static TheoryData<string> Families => Family.All;

    [Theory]
    [MemberData(nameof(Families))]
    public void Paths_equal_whole_runs_or_are_refused_with_the_reason(string family)
    {
        using var model = Family.Load(family);
        foreach (var readers in new[] { Readers.Queries, Readers.Keys, Readers.Values, Readers.Mlps, Readers.Logits })
        {
            PathSweep sweep = new()
            {
                From = new[] { 5, 9, 11, 7, 3 },
                Into = new[] { 5, 6, 11, 8, 4 },
                Senders = Places.Of(Site.AttnOut, Axis.Layer),
                Readers = readers with { Over = [.. readers.Over.Where(a => a == Axis.Layer)] },
                Metric = Metric.LogitDifference(3, 4),
            };
            try
            {
                var result = sweep.Run(model, new() { CheckCells = SweepOptions.AllCells });
                Assert.InRange(result.Checks.MaxDifference!.Value, 0, result.Checks.Tolerance);
                Assert.Equal((result.Work.PlannedAttentionRows, result.Work.PlannedMlpRows), (result.Work.AttentionRows, result.Work.MlpRows));
            }
            catch (SweepInputException refusal)
            {
                Assert.Matches("read the stream by themselves|has no MLPs|by more than what attention and MLP add", refusal.Message);
                Assert.True(model.Blocks.Any(b => b.Attn is not { Latent: null } || b.Mlp is null || b.Config is not { AltUp: null, PerLayerInput: null, Laurel: null, OutputScale: false }), refusal.Message);
            }
        }
    }
}
