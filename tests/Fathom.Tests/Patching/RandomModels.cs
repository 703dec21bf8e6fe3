using CsCheck;
using Fathom.Configuration;
using Fathom.Models;

namespace Fathom.Tests.Patching;

/// <summary>Small models of random shape with random weights.</summary>
internal static class RandomModels
{
    private static readonly Gen<NormConfig?> Norms = Gen.Bool.Select(b => b ? (NormConfig?)new LayerNormConfig(1e-5) : new RmsNormConfig(1e-6));

    public static readonly Gen<AttentionConfig> Attentions =
        from kv in Gen.Int[1, 2]
        from @group in Gen.Int[1, 2]
        from dHead in Gen.OneOf(Gen.Const(4), Gen.Const(6))
        from kind in Gen.Int[0, 14]
        from bias in Gen.Bool
        select new AttentionConfig
        {
            NHeads = kv * @group,
            NKeyValueHeads = kind == 14 ? kv * @group : kv,
            DHead = dHead,
            DHeadV = kind == 14 ? 5 : dHead,
            Latent = kind == 14 ? new(bias ? 3 : null, 5, 2, new RmsNormConfig(1e-6)) : null,
            Scale = 1 / Math.Sqrt(dHead),
            QkvBias = bias && kind != 14,
            OutputBias = bias,
            Window = kind is 1 or 2 ? 2 + kind : null,
            Rotary = kind == 14 ? new() { Dim = 2, Start = dHead - 2, Theta = 10000 } : kind is 0 or 1 or 3 or 7 ? new() { Dim = 4, Theta = 10000, AdjacentPairs = kind == 3 } : null,
            ScoreBias = kind is 2 or 4 ? new AlibiConfig([.. Enumerable.Range(1, kv * @group).Select(i => Math.Pow(2, -i))]) : null,
            SoftCap = kind == 5 ? 3 : null,
            Sinks = kind is 6 or 1,
            QueryKeyNorm = kind is 7 or 8 ? new(new RmsNormConfig(1e-6), kind == 7 ? QueryKeyNormScope.HeadSharedGain : QueryKeyNormScope.FullWidth, AfterRotary: kind == 7) : null,
            OutputGate = kind == 9,
            ValueNorm = kind == 9 ? new RmsNormConfig(1e-6, Gain: false) : null,
            Temperature = kind == 10 ? new(0.3, 2, 1) : null,
            Chunk = kind == 11 ? 4 : null,
        };

    private static readonly Gen<RouterConfig> Routers =
        from kind in Gen.Int[0, 4]
        from chosen in Gen.Int[1, 2]
        from flag in Gen.Bool
        from grouped in Gen.Bool
        let groups = grouped ? new ExpertGroups(2, 1, kind == 0 ? 1 : 2) : null
        select kind switch
        {
            0 => new SoftmaxRouter(chosen, flag, flag ? 1 : 1.5, groups),
            1 => new TopKRouter(chosen) { Bias = flag },
            2 => new SigmoidRouter(chosen, flag, 2, groups),
            3 => new InputRouter(chosen) { Bias = flag },
            _ => (RouterConfig)new SparseMixerRouter(chosen, flag ? 0.01 : 0.5),
        };

    private static readonly Gen<MlpConfig?> Mixtures =
        from router in Routers
        from kind in Gen.Int[0, 3]
        select (MlpConfig?)new MixtureOfExpertsConfig(6, 4, Activation.Silu, router)
        {
            Bias = kind is 1 or 2,
            Clamped = kind == 1 ? new(1, 1.702) : null,
            OutputBias = kind == 2,
            Shared = kind >= 2 ? new(5, Activation.Silu) : null,
            SharedGate = kind == 3,
        };

    public static readonly Gen<ModelConfig> Configs =
        from layers in Gen.Int[1, 3]
        from blocks in Block.Array[layers]
        from learned in Gen.Int[0, 3]
        from norm in Norms
        from cap in Gen.Bool
        select new ModelConfig
        {
            Architecture = "Random",
            DModel = 12,
            DVocab = 23,
            NCtx = 16,
            Blocks = blocks,
            Positions = learned == 0 ? null : new LearnedPositions(ToQueriesAndKeysOnly: learned == 3 && !blocks.Any(b => b.Mixer is AttentionConfig { Latent: not null })),
            FinalNorm = norm,
            LogitSoftCap = cap ? 8 : null,
            LogitScale = cap ? 0.7 : 1,
            UnembedBias = cap,
        };

    /// <summary>Models whose attention is plain products: no positions, caps, windows or norms inside.</summary>
    public static readonly Gen<ModelConfig> PlainAttention =
        from config in Configs
        from kv in Gen.Int[1, 2]
        from shares in Gen.Int[1, 2]
        from bias in Gen.Bool
        select config with { Blocks = [.. config.Blocks.Select(b => b with { Mixer = new AttentionConfig { NHeads = kv * shares, NKeyValueHeads = kv, DHead = 4, Scale = 0.5, QkvBias = bias, OutputBias = bias } })] };

    /// <summary>Models whose every block holds a mixture of experts.</summary>
    public static readonly Gen<ModelConfig> MixturesOnly =
        from config in Configs
        from mixtures in Mixtures.Array[config.NLayers]
        select config with { Blocks = [.. config.Blocks.Zip(mixtures, (b, m) => b with { Mlp = m })] };

    private static readonly Gen<MixerConfig> Recurrences =
        from kind in Gen.Int[0, 4]
        from flag in Gen.Bool
        from kernel in Gen.Int[2, 4]
        select kind switch
        {
            0 => new SelectiveScanConfig { DInner = 10, DState = 3, DDt = 2, Kernel = kernel, ConvBias = flag, Bias = !flag, InnerNorm = flag ? new RmsNormConfig(1e-6) : null },
            1 => new StateSpaceDualConfig { NHeads = 4, DHead = 3, NGroups = flag ? 2 : 1, DState = 3, Kernel = kernel, ConvBias = flag, OutputNorm = new RmsNormConfig(1e-5) },
            2 => new LinearRecurrenceConfig(12, 3, kernel, Activation.GeluTanh),
            3 => new ShortConvolutionConfig(12, kernel, flag),
            _ => (MixerConfig)new GatedDeltaNetConfig { NHeads = flag ? 4 : 2, NKeyHeads = 2, DKey = 4, DValue = 3, Kernel = kernel, OutputNorm = new RmsNormConfig(1e-6) },
        };

    /// <summary>Models some of whose blocks (or all) mix positions by a recurrence.</summary>
    public static readonly Gen<ModelConfig> Hybrids =
        from config in Configs
        from recurrences in Recurrences.Array[config.NLayers]
        from which in Gen.Int[0, 2].Array[config.NLayers]
        select config with
        {
            Positions = config.Positions is null ? null : new LearnedPositions(),
            Blocks = [.. config.Blocks.Select((b, i) => which[i] > 0 ? b with { Mixer = recurrences[i] } : b)],
        };

    private static Gen<BlockConfig> Block =>
        from attention in Attentions
        from routed in Gen.Int[0, 7]
        from router in Routers
        from layout in Gen.Int[0, 3].Select(i => i == 3 ? BlockLayout.NormOnStream : i == 2 ? BlockLayout.Parallel : BlockLayout.Sequential)
        from kind in Gen.Int[0, 5]
        from mixture in Mixtures
        let mlp = kind switch
        {
            0 => (MlpConfig?)null,
            1 => new PlainMlpConfig(10, Activation.Gelu, true),
            2 => new PlainMlpConfig(10, Activation.Solu, true, new LayerNormConfig(1e-5)),
            3 or 4 => mixture,
            _ => new GatedMlpConfig(10, Activation.Silu),
        }
        from ln1 in Norms
        from ln2 in Norms
        from post in Gen.Int[0, 2]
        select new BlockConfig
        {
            Mixer = routed > 0 ? attention : new RoutedAttentionConfig(attention.NKeyValueHeads, 4, 4, router) { Rotary = attention.Rotary is { } rotary ? rotary with { Start = 0 } : null },
            Mlp = mlp,
            Layout = mlp is null ? BlockLayout.Sequential : layout,
            Ln1 = ln1,
            Ln2 = mlp is null || (layout == BlockLayout.Parallel && post == 1) ? null : ln2,
            Ln1Post = post == 2 && layout != BlockLayout.NormOnStream ? ln2 : null,
            Ln2Post = post == 2 && layout != BlockLayout.NormOnStream && mlp is not null ? ln1 : null,
            ResidualMultiplier = post == 1 ? 0.5 : 1,
        };

    /// <summary>A model with random weights. The caller disposes it.</summary>
    /// <remarks>Where experts are chosen or the delta rule multiplies rounding, it has 64 bits: two orders of the same sums may choose differently at a tie of 32 bits, and both are right.</remarks>
    public static HookedTransformer Make(ModelConfig config, int seed)
    {
        HookedTransformer model = new(config);
        var exact = config.Blocks.Any(b => b.Mixer is RoutedAttentionConfig or GatedDeltaNetConfig || b.Mlp is MixtureOfExpertsConfig);
        using var generator = new torch.Generator((ulong)seed);
        foreach (var weight in model.Weights)
        {
            using var scope = torch.NewDisposeScope();
            var wide = weight.Name.EndsWith(".w", StringComparison.Ordinal);
            var scale = weight.Shape.Count == 1 ? 0.2f : 0.45f;
            var value = torch.randn([.. weight.Shape], dtype: torch.float32, generator: generator).mul(scale).to(exact ? torch.float64 : torch.float32);
            weight.Set(wide ? value.add(1f) : value);
        }

        return model;
    }
}
