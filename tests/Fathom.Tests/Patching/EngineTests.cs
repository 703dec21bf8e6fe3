using CsCheck;
using Fathom.Configuration;
using Fathom.Models;
using Fathom.Patching;
using Axis = Fathom.Tensors.Axis;

namespace Fathom.Tests.Patching;

public sealed class EngineTests
{
    private static readonly int Cases = Environment.GetEnvironmentVariable("CI") == "true" ? 600 : 120;

    [Fact]
    public void The_engine_equals_one_whole_run_per_cell_for_every_shape_site_and_axis() => Sample(RandomModels.Configs, _ => true, Cases);

    [Fact]
    public void The_engine_equals_one_whole_run_per_cell_where_blocks_hold_recurrences() => Sample(RandomModels.Hybrids, _ => true, Cases / 2);

    [Fact]
    public void The_engine_equals_one_whole_run_per_cell_inside_recurrences() => Sample(RandomModels.Hybrids, s => s.Templates[0].Contains(".mixer", StringComparison.Ordinal), Cases / 4);

    [Fact]
    public void The_engine_equals_one_whole_run_per_cell_inside_mixtures_of_experts() => Sample(RandomModels.MixturesOnly, s => s.Templates[0].Contains(".mlp.", StringComparison.Ordinal), Cases / 2);

    [Fact]
    public void The_engine_equals_one_whole_run_per_cell_where_the_last_block_makes_no_keys() => Sample(RandomModels.PlainAttention, _ => true, Cases / 2);

    [Fact]
    public void The_engine_equals_one_whole_run_per_cell_where_only_replaced_rows_are_projected() => Sample(RandomModels.Configs, s => s.Templates[0] == "blocks.{i}.hook_resid_pre", Cases / 2, spared: 1);

    [Fact]
    public void The_engine_equals_one_whole_run_per_cell_where_values_change_under_a_fixed_pattern() => Sample(RandomModels.Configs, s => s.Templates[0] == "blocks.{i}.attn.hook_v", Cases / 2);

    [Fact]
    public void Places_that_are_linear_up_to_the_next_nonlinearity_send_no_row_through_their_own_attention()
    {
        using var model = Names4L.Load();
        foreach (var (site, rows) in new[] { (Site.V, 0), (Site.Z, 0), (Site.Result, 0), (Site.AttnOut, 0), (Site.K, 16) })
        {
            PatchingSweep sweep = new() { From = new[] { 0, 9, 9, 9, 9, 9, 9, 9, 9 }, Into = Names4L.Hart, Site = site, Over = [Axis.Layer], Layers = [-1], Metric = Metric.LogitDifference(2628, 2389) };
            var work = sweep.Run(model, new() { CheckCells = SweepOptions.AllCells }).Work;
            // The patch and the one that measures the noise floor, over the 8 positions that differ.
            Assert.Equal(rows, work.AttentionRows);
            Assert.Equal(2, work.MlpRows);
            Assert.Equal((work.PlannedAttentionRows, work.PlannedMlpRows), (work.AttentionRows, work.MlpRows));
        }
    }

    private static void Sample(Gen<ModelConfig> configs, Func<Site, bool> where, int cases, long spared = 256)
    {
        (from config in configs
         from seed in Gen.Int[0, 1000000]
         from length in Gen.Int[1, 7]
         from pairs in Gen.Int[1, 3]
         from shared in Gen.Int[0, 6]
         from site in Gen.Int[0, 1000]
         from axes in Gen.Int[1, 31]
         from metric in Gen.Int[0, 5]
         select (config, seed, length, pairs, shared, site, axes, metric)).Sample(
            c =>
            {
                using var model = RandomModels.Make(c.config, c.seed);
                Check(model, Sweep(model, where, new Random(c.seed), c.length, c.pairs, c.shared, c.site, c.axes, c.metric), spared);
            },
            iter: cases,
            threads: 1,
            print: c => $"{c.config.Architecture} seed {c.seed} length {c.length} pairs {c.pairs} shared {c.shared} site {c.site} axes {c.axes} metric {c.metric}\n{string.Join("\n", c.config.Blocks)}");
    }

    private static PatchingSweep Sweep(HookedTransformer model, Func<Site, bool> where, Random random, int length, int pairs, int shared, int site, int axes, int metric)
    {
        int[] Prompt(int[]? like, int same) => [.. Enumerable.Range(0, length).Select(i => like is not null && (i < same || random.Next(4) == 0) ? like[i] : random.Next(model.Config.DVocab))];
        var into = Enumerable.Range(0, pairs).Select(_ => Prompt(null, 0)).ToArray();
        var from = into.Select(p => Prompt(p, shared)).ToArray();
        int[][] Calibration() => [.. Enumerable.Range(0, 200).Select(_ => Prompt(null, 0)).Where(p => !into.Any(t => t.SequenceEqual(p))).Take(2)];
        var all = Site.All.Concat(model.HookPoints.Where(p => p.Layer is not null && p.Axes.Names[0] == "batch").Select(p => Site.Named(p.Name.Replace($"blocks.{p.Layer}.", "blocks.{i}.", StringComparison.Ordinal))).Distinct()).Where(s => Has(model, s)).ToList();
        var sites = all.Any(where) ? [.. all.Where(where)] : all;
        var chosen = sites[site % sites.Count];
        var point = chosen.In(model)[0].Point;
        var available = new[] { Axis.Layer, Axis.Position, Axis.Head, Axis.Source, Axis.Expert }.Where(a => a == Axis.Layer || point.Axes.IndexOf(a) > 0).ToList();
        List<Axis> over = [.. available.Where((_, i) => (axes & (1 << i)) != 0)];
        Metric[] metrics = [Metric.LogitDifference(3, 5), Metric.LogProbability(7), Metric.KullbackLeibler, length > 1 ? Metric.Loss : Metric.Logit(2), Metric.Probability(1), Metric.Of("sum", "nats", l => l.square().mean().ToDouble())];
        return new()
        {
            From = from,
            Into = into,
            Site = chosen,
            Over = over.Count == 0 ? [Axis.Layer] : over,
            Metric = metrics[metric],
            MoreMetrics = [metrics[0]],
            Direction = random.Next(2) == 0 ? Direction.Noising : Direction.Denoising,
            // A scale of zero makes infinities, and infinity times a masked zero is no number in one path and nothing in the other.
            Replacement = random.Next(4) switch { 0 when !point.Name.EndsWith("scale", StringComparison.Ordinal) => Replacement.Zero, 1 when !point.HoldsIndices => Replacement.Mean(Calibration()), _ => Replacement.Run },
            Positions = point.Axes.IndexOf(Axis.Position) > 0 && random.Next(3) == 0 ? [.. Enumerable.Range(0, length).Where(i => i == length - 1 || random.Next(2) == 0)] : null,
            Layers = chosen.In(model).Count == model.Config.NLayers && random.Next(3) == 0 ? [.. Enumerable.Range(0, model.Config.NLayers).Where(i => i == 0 || random.Next(2) == 0)] : null,
        };
    }

    internal static bool Has(HookedTransformer model, Site site)
    {
        try
        {
            // Heads must be equally many on all layers for an axis over them; the sweep refuses otherwise.
            return site.In(model).Select(p => p.Point.Shape()).Distinct().Count() == 1;
        }
        catch (SweepInputException)
        {
            return false;
        }
    }

    internal static void Check(HookedTransformer model, Sweep sweep, long? spared = null)
    {
        var plain = sweep.Run(model, new() { Path = SweepPath.Plain });
        var engine = sweep.Run(model, new() { Path = SweepPath.Engine, RowsWorthSparing = spared ?? SweepOptions.Default.RowsWorthSparing });
        for (var m = 0; m < plain.Metrics.Count; m++)
        {
            for (var e = 0; e < plain.Metrics[m].Examples.Count; e++)
            {
                Assert.Equal(plain.Metrics[m].Clean[e], engine.Metrics[m].Clean[e], 1e-4);
                for (var c = 0; c < plain.Values.Count; c++)
                {
                    var (want, got) = (plain.Metrics[m].Examples[e][c], engine.Metrics[m].Examples[e][c]);
                    Assert.True((double.IsNaN(want) && double.IsNaN(got)) || Math.Abs(want - got) <= 1e-4, $"{sweep} {sweep.Replacement} {plain.Metrics[m].Metric} example {e}, {plain.LabelOf(c)}: plain {want}, engine {got}, base {plain.Metrics[m].Baseline[e]}");
                }
            }
        }

        Assert.True(engine.Checks.NoiseFloor < 1e-4, $"{sweep} {sweep.Replacement} has a noise floor of {engine.Checks.NoiseFloor}");
        Assert.Equal((engine.Work.PlannedAttentionRows, engine.Work.PlannedMlpRows), (engine.Work.AttentionRows, engine.Work.MlpRows));
    }
}
