using Fathom.Configuration;
using Fathom.Models;

namespace Fathom.Bench.Sweeps;

/// <summary>A model of GPT-2 small's shape with random weights.</summary>
internal static class Gpt2Small
{
    public static ModelConfig Config { get; } = new()
    {
        Architecture = "GPT2LMHeadModel",
        DModel = 768,
        DVocab = 50257,
        NCtx = 1024,
        Positions = new LearnedPositions(),
        FinalNorm = new LayerNormConfig(1e-5),
        UnembedBias = true,
        Blocks = [.. Enumerable.Range(0, 12).Select(_ => new BlockConfig
        {
            Mixer = new AttentionConfig { NHeads = 12, NKeyValueHeads = 12, DHead = 64, Scale = 0.125, QkvBias = true, OutputBias = true },
            Mlp = new PlainMlpConfig(3072, Activation.GeluTanh, true),
            Ln1 = new LayerNormConfig(1e-5),
            Ln2 = new LayerNormConfig(1e-5),
        })],
    };

    public static HookedTransformer Make()
    {
        HookedTransformer model = new(Config);
        using var generator = new torch.Generator(1);
        foreach (var weight in model.Weights)
        {
            using var scope = torch.NewDisposeScope();
            var noise = torch.randn([.. weight.Shape], dtype: torch.float32, generator: generator).mul(0.02f);
            weight.Set(weight.Name.EndsWith(".w", StringComparison.Ordinal) ? noise.add(1f) : noise);
        }

        return model;
    }
}
