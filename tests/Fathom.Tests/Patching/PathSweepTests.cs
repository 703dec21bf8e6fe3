using CsCheck;
using Fathom.Components;
using Fathom.Configuration;
using Fathom.Loading;
using Fathom.Loading.Checkpoints;
using Fathom.Models;
using Fathom.Patching;
using Fathom.Tests.Fixtures;
using Axis = Fathom.Tensors.Axis;

namespace Fathom.Tests.Patching;

public sealed class PathSweepTests
{
    private static readonly int Cases = Environment.GetEnvironmentVariable("CI") == "true" ? 500 : 120;

    [Fact]
    public void The_engine_equals_two_whole_runs_per_path_for_every_shape_sender_and_reader() => Sample(RandomModels.Configs, Cases);

    [Fact]
    public void The_engine_equals_two_whole_runs_per_path_where_blocks_hold_recurrences() => Sample(RandomModels.Hybrids, Cases / 4);

    private static void Sample(Gen<ModelConfig> configs, int cases)
    {
        (from config in configs
         from seed in Gen.Int[0, 1000000]
         from length in Gen.Int[1, 6]
         select (config, seed, length)).Sample(
            c =>
            {
                using var model = RandomModels.Make(c.config, c.seed);
                if (Sweep(model, new Random(c.seed), c.length) is { } sweep)
                {
                    EngineTests.Check(model, sweep);
                }
            },
            iter: cases,
            threads: 1,
            print: c => $"seed {c.seed} length {c.length}\n{string.Join("\n", c.config.Blocks)}");
    }

    private static PathSweep? Sweep(HookedTransformer model, Random random, int length)
    {
        int[] Prompt(int[]? like) => [.. Enumerable.Range(0, length).Select(i => like is not null && random.Next(3) == 0 ? like[i] : random.Next(model.Config.DVocab))];
        int[][] into = [Prompt(null), Prompt(null)];
        int[][] from = [Prompt(into[0]), Prompt(into[1])];
        Site[] sites = [.. new[] { Site.Z, Site.Z, Site.Result, Site.AttnOut, Site.MlpOut, Site.ResidPre, Site.ResidMid, Site.ResidPost, Site.ResidualStream }.Where(s => EngineTests.Has(model, s) && (s.Name is not ("z" or "result") || model.Blocks.All(b => b.Attn is not null)))];
        var site = sites[random.Next(sites.Length)];
        List<Axis> over = [.. new[] { Axis.Layer, Axis.Head, Axis.Position }.Where(a => random.Next(2) == 0 && (a != Axis.Head || site.Name is "z" or "result"))];
        if (site.Name.StartsWith("resid", StringComparison.Ordinal) && !over.Contains(Axis.Layer))
        {
            over.Insert(0, Axis.Layer);
        }

        var readers = new[] { Readers.Queries, Readers.Keys, Readers.Values, Readers.Mlps, Readers.Logits }[random.Next(5)];
        if (readers.Kind == ReaderKind.Mlp ? model.Blocks.All(b => b.Mlp is null) : model.Blocks.All(b => b.Attn is not { Latent: null, Config.KeysFrom: null }))
        {
            return null;
        }

        var sameHeads = model.Blocks.Where(b => b.Attn is { Latent: null, Config.KeysFrom: null }).Select(b => (b.Attn!.Config.NHeads, b.Attn.Config.NKeyValueHeads)).Distinct().Count() == 1;
        readers = readers with { Over = [.. readers.Over.Where(a => random.Next(4) > 0 && (a != Axis.Head || sameHeads))] };
        if (random.Next(3) == 0 && model.Blocks[^1].Attn is { Latent: null, Config.KeysFrom: null })
        {
            readers = readers with { And = [Readers.Values with { Over = [], Layers = [-1] }] };
        }

        var single = readers.Over.Contains(Axis.Layer) && readers.And.Count == 0;
        return over.Count + readers.Over.Count == 0 ? null : new()
        {
            From = from,
            Into = into,
            Senders = Places.Of(site, [.. over]),
            Readers = readers,
            Norm = single && random.Next(3) == 0 ? ReaderNorm.FrozenScale : ReaderNorm.Recomputed,
            Metric = new[] { Metric.LogitDifference(3, 5), Metric.KullbackLeibler, length > 1 ? Metric.Loss : Metric.Logit(2) }[random.Next(3)],
            Direction = random.Next(2) == 0 ? Direction.Noising : Direction.Denoising,
            Replacement = random.Next(4) == 0 ? Replacement.Zero : Replacement.Run,
        };
    }

    [Theory]
    [InlineData("gpt2")]
    [InlineData("llama-gqa")]
    [InlineData("attn-only-2l")]
    public void Direct_paths_with_frozen_norms_equal_the_reference_and_exact_ones_differ(string name)
    {
        using var scope = torch.NewDisposeScope();
        var folder = Fixture.Folder($"patching/{name}");
        using var model = ReadyMadeSweepsTests.Load(name);
        using var golden = Checkpoint.Open(Path.Combine(folder, "patching.safetensors"));
        TokenChoice[] Ids(string key) => [.. golden.Read(key).to(torch.int64).data<long>().ToArray().Select(i => (TokenChoice)(int)i)];
        foreach (var (key, readers) in new[] { ("q", Readers.Queries), ("k", Readers.Keys), ("v", Readers.Values) }.Where(r => golden.Tensors.ContainsKey($"direct path {r.Item1}")))
        {
            PathSweep sweep = new()
            {
                From = golden.Read("clean_ids"),
                Into = golden.Read("corrupted_ids"),
                Direction = Direction.Denoising,
                Metric = Metric.LogitDifference(Ids("answers"), Ids("wrong")),
                Senders = Places.Of(Site.Z, Axis.Layer, Axis.Head),
                Readers = readers,
                Norm = ReaderNorm.FrozenScale,
            };
            var frozen = sweep.Run(model, new() { CheckCells = SweepOptions.AllCells });
            var exact = (sweep with { Norm = ReaderNorm.Recomputed }).Run(model, new() { CheckCells = SweepOptions.AllCells });
            var want = golden.Read($"direct path {key}").to(torch.float64).contiguous().data<double>().ToArray();
            Assert.Equal(want.Length, frozen.Values.Count);
            var differ = 0.0;
            for (var cell = 0; cell < want.Length; cell++)
            {
                // The reference leaves cells of readers that a sender cannot reach at 0.
                Assert.Equal(want[cell] == 0 ? frozen.Metrics[0].Baseline.Average() : want[cell], frozen.Values[cell], 5e-5);
                differ = Math.Max(differ, Math.Abs(exact.Values[cell] - frozen.Values[cell]));
            }

            Assert.InRange(differ, 1e-3, 0.5);
        }
    }
}
