using Fathom.Configuration;
using Fathom.Loading;
using Fathom.Models;
using Fathom.Patching;
using Fathom.Tests.Patching;
using Axis = Fathom.Tensors.Axis;

namespace Fathom.Tests.Conformance;

/// <summary>Sweeps on every decoder family: every place that the family has, over combinations of its axes, by the engine and by whole runs.</summary>
public sealed class SweepTests
{
    /// <summary>The most cells of most sweeps; each family has one of up to <see cref="Wide"/>.</summary>
    private const int Narrow = 30;

    private const int Wide = 300;

    /// <summary>Combinations of axes drawn for each place of a family: 1000 for all there are.</summary>
    private static readonly int Draws = int.TryParse(Environment.GetEnvironmentVariable("FATHOM_SWEEP_DRAWS"), out var draws) ? draws : 1;

    /// <summary>Cells of each sweep that whole runs compute again.</summary>
    private static readonly int Checked = int.TryParse(Environment.GetEnvironmentVariable("FATHOM_SWEEP_CELLS"), out var cells) ? cells : 2;

    public static TheoryData<string> Families => Family.All;

    [Theory]
    [MemberData(nameof(Families))]
    public void The_engine_equals_whole_runs_at_every_place_of_every_family(string family)
    {
        // The delta rule multiplies rounding: in 32 bits two orders of the same sums are up to 2e-4 apart there. In 64 bits nothing but the sums themselves can differ.
        var exact = Family.Config(family).Blocks.Any(b => b.Mixer is GatedDeltaNetConfig);
        using var model = Family.Load(family, options: exact ? new() { Processing = Processing.None, DType = torch.ScalarType.Float64 } : null);
        Random random = new(Seed(family));
        var most = Draws > 1 ? Wide : Narrow;
        foreach (var lastOnly in Draws > 1 ? [true, false] : new[] { random.Next(3) > 0 })
        {
            List<PatchingSweep> sweeps = [];
            var sites = Sites(model);
            var wide = sites[random.Next(sites.Count)];
            foreach (var site in sites)
            {
                var combinations = Combinations(site.In(model)[0].Point.Axes.Names).ToArray();
                random.Shuffle(combinations);
                sweeps.AddRange(combinations.Where(c => Cells(model, site, c) <= (site == wide ? Wide : most)).Take(Draws).Select(c => Drawn(model, site, c, random, lastOnly)));
            }

            Assert.True(sweeps.Count > 10, $"{family} has {sweeps.Count} sweeps");
            var results = Sweep.RunAll(model, sweeps, new() { CheckCells = Checked, Seed = random.Next() });
            foreach (var result in results.Where(r => r.Provenance.Path == SweepPath.Engine))
            {
                Assert.True(result.Checks.MaxDifference <= (exact ? 1e-8 : 1e-4), $"{family}: {result.Sweep} differs by {result.Checks.MaxDifference}");
                Assert.True(result.Checks.NoiseFloor <= 1e-4, $"{family}: {result.Sweep} has a noise floor of {result.Checks.NoiseFloor}");
                Assert.Equal((result.Work.PlannedAttentionRows, result.Work.PlannedMlpRows), (result.Work.AttentionRows, result.Work.MlpRows));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Families))]
    public void A_plan_says_which_path_runs_and_predicts_its_rows(string family)
    {
        using var model = Family.Load(family);
        PatchingSweep sweep = new() { From = new[] { 5, 9, 11, 7, 3 }, Into = new[] { 5, 6, 11, 8, 4 }, Site = Site.ResidPost, Over = [Axis.Layer], Metric = Metric.LogitDifference(3, 4) };
        foreach (var path in new[] { SweepPath.Engine, SweepPath.Plain })
        {
            SweepOptions options = new() { Path = path, CheckCells = 0 };
            var plan = sweep.Explain(model, options);
            var result = sweep.Run(model, options);
            Assert.Equal((result.Provenance.Path, result.Work.AttentionRows, result.Work.MlpRows), (plan.Path, plan.Work.AttentionRows, plan.Work.MlpRows));
            Assert.Equal(result.Work, plan.Work);
            Assert.Equal(path == SweepPath.Plain || !model.Blocks.All(b => b.IsResumable) ? "one whole run per cell" : "the engine", plan.ToString().Split('\n')[0][13..].Trim());
        }
    }

    /// <summary>The places with names, and one for every other point that a sweep can write to.</summary>
    private static List<Site> Sites(HookedTransformer model) =>
        [.. Site.All.Concat(model.HookPoints.Where(p => p.Layer is not null && p.Axes.Names[0] == "batch").Select(p => Site.Named(p.Name.Replace($"blocks.{p.Layer}.", "blocks.{i}.", StringComparison.Ordinal))))
            .DistinctBy(s => s.Name == Site.ResidualStream.Name ? s.Name : s.Templates[0]).Where(s => EngineTests.Has(model, s))];

    /// <summary>Every set of axes: the layer and those of the point.</summary>
    private static IEnumerable<Axis[]> Combinations(IReadOnlyList<string> names)
    {
        Axis[] axes = [Axis.Layer, .. names.Skip(1).Select(n => new Axis(n))];
        return Enumerable.Range(1, (1 << axes.Length) - 1).Select(set => axes.Where((_, i) => (set & (1 << i)) != 0).ToArray());
    }

    private static long Cells(HookedTransformer model, Site site, Axis[] over)
    {
        var points = site.In(model);
        return over.Aggregate(1L, (n, a) => n * (a == Axis.Layer ? points.Count : points[0].Point.Sizes.TryGetValue($"{a}", out var size) ? size : 6));
    }

    private static PatchingSweep Drawn(HookedTransformer model, Site site, Axis[] over, Random random, bool lastOnly)
    {
        var point = site.In(model)[0].Point;
        var vocabulary = Math.Min(model.Config.DVocab, 90);
        int[] Prompt(int length, int[]? like = null, int shared = 0) => [.. Enumerable.Range(0, length).Select(i => like is not null && (i < shared || random.Next(4) == 0) ? like[i] : random.Next(vocabulary))];
        var positions = over.Any(a => $"{a}" is "pos" or "query_pos" or "key_pos");
        var first = random.Next(3, 7);
        int[][] into = [Prompt(first), Prompt(positions ? first : random.Next(3, 7))];
        var from = into.Select(p => Prompt(p.Length, p, random.Next(p.Length))).ToArray();
        Metric[] metrics = lastOnly ? [Metric.LogitDifference(3, 5), Metric.LogProbability(7), Metric.KullbackLeibler] : [Metric.Loss, Metric.Of("spread", "nats", l => l.std().ToDouble())];
        return new()
        {
            From = from,
            Into = into,
            Site = site,
            Over = over,
            Metric = metrics[random.Next(metrics.Length)],
            MoreMetrics = [Metric.LogitDifference(3, 5)],
            Direction = random.Next(2) == 0 ? Direction.Noising : Direction.Denoising,
            // A scale of zero makes infinities, which a mask removes in one path and not in the other.
            Replacement = random.Next(4) == 0 && !point.Name.EndsWith("scale", StringComparison.Ordinal) ? Replacement.Zero : Replacement.Run,
        };
    }

    private static int Seed(string family) => family.Aggregate(17, (h, c) => unchecked((h * 31) + c));
}
