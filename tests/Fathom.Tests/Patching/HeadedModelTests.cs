using Fathom.Loading;
using Fathom.Models;
using Fathom.Patching;
using Fathom.Tests.Fixtures;
using Axis = Fathom.Tensors.Axis;

namespace Fathom.Tests.Patching;

/// <summary>Sweeps over a decoder that has a nonlinear head between its final norm and its unembedding.</summary>
public sealed class HeadedModelTests
{
    [Fact]
    public void The_engine_runs_the_head_before_the_unembedding()
    {
        using var model = HookedTransformer.FromPretrained(Fixture.Folder("families/modernbert-decoder"), Processing.None);
        foreach (var metric in new[] { Metric.LogitDifference(3, 5), Metric.KullbackLeibler, Metric.Loss })
        {
            PatchingSweep sweep = new()
            {
                From = new long[] { 3, 14, 15, 92, 65, 35 },
                Into = new long[] { 3, 14, 77, 92, 65, 35 },
                Site = Site.ResidualStream,
                Over = [Axis.Layer, Axis.Position],
                Metric = metric,
            };
            var plain = sweep.Run(model, new() { Path = SweepPath.Plain });
            var engine = sweep.Run(model, new() { Path = SweepPath.Engine });
            Assert.True(plain.Values.Max() - plain.Values.Min() > 1e-2, "nothing moved");
            Assert.All(plain.Values.Zip(engine.Values), v => Assert.Equal(v.First, v.Second, 1e-4));
        }
    }

    [Fact]
    public void Weights_are_processed_as_far_as_the_head_allows()
    {
        var (model, report) = HookedTransformer.LoadPretrained(Fixture.Folder("families/modernbert-decoder"));
        using (model)
        {
            Assert.Contains(report.Notes, n => n.Contains("fold_ln was skipped: a nonlinear layer stands between the final norm and the unembedding", StringComparison.Ordinal));
        }
    }
}
