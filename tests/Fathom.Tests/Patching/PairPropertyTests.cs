using CsCheck;
using Fathom.Models;
using Fathom.Patching;
using Axis = Fathom.Tensors.Axis;

namespace Fathom.Tests.Patching;

public sealed class PairPropertyTests
{
    private static readonly int Cases = Environment.GetEnvironmentVariable("CI") == "true" ? 300 : 60;

    [Fact]
    public void Pairs_and_exchanges_equal_whole_runs_for_every_shape_and_site()
    {
        (from config in Gen.OneOf(RandomModels.Configs, RandomModels.Configs, RandomModels.Hybrids)
         from seed in Gen.Int[0, 1000000]
         from length in Gen.Int[2, 6]
         select (config, seed, length)).Sample(
            c =>
            {
                using var model = RandomModels.Make(c.config, c.seed);
                EngineTests.Check(model, Draw(model, new Random(c.seed), c.length));
            },
            iter: Cases,
            threads: 1,
            print: c => $"seed {c.seed} length {c.length}\n{string.Join("\n", c.config.Blocks)}");
    }

    private static Sweep Draw(HookedTransformer model, Random random, int length)
    {
        int[] Prompt() => [.. Enumerable.Range(0, length).Select(_ => random.Next(model.Config.DVocab))];
        Site[] sites = [.. Site.All.Where(s => s.Name is not ("attn_scores" or "ln1_scale" or "ln2_scale") && EngineTests.Has(model, s) && s.In(model)[0].Point.Axes.IndexOf(Axis.Position) > 0)];
        Site Any() => sites[random.Next(sites.Length)];
        var (from, into) = (Prompt(), Prompt());
        var metric = random.Next(2) == 0 ? Metric.LogitDifference(3, 5) : Metric.Loss;
        if (random.Next(2) == 0)
        {
            return new PairSweep { From = from, Into = into, First = Places.Of(Any(), Axis.Layer), Second = Places.Of(Any(), random.Next(2) == 0 ? [Axis.Layer] : [Axis.Position]), Metric = metric };
        }

        var live = random.Next(2) == 0;
        var site = Any();
        var point = site.In(model)[0].Point;
        Axis[] axes = [Axis.Layer, .. new[] { Axis.Head, new("d_model") }.Where(a => point.Axes.IndexOf(a) > 0)];
        var first = random.Next(length);
        return new PatchingSweep
        {
            From = live ? into : from,
            Into = into,
            Site = site,
            Over = [axes[random.Next(axes.Length)]],
            Metric = metric,
            Replacement = Replacement.Exchange(first, (first + 1 + random.Next(length - 1)) % length, live),
        };
    }
}
