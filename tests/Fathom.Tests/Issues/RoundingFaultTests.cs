using System.Text;
using Fathom.Architectures;
using Fathom.Components;
using Fathom.Configuration;
using Fathom.Hooks;
using Fathom.Loading;
using Fathom.Loading.Checkpoints;
using Fathom.Models;
using Fathom.Tests.Conformance;
using static Fathom.Tests.Conformance.Recorded;

namespace Fathom.Tests.Issues;

/// <summary>The order of rounding in 16 bits, bit for bit, and numbers that overflow or vanish in other tools.</summary>
public sealed class RoundingFaultTests
{
    [Theory]
    [InlineData(torch.ScalarType.BFloat16)]
    [InlineData(torch.ScalarType.Float16)]
    public void Gemma_rounds_the_embeddings_factor_first_and_the_gain_last(torch.ScalarType dtype)
    {
        using var scope = torch.NewDisposeScope();
        using var model = Family.Load("gemma", options: new() { DType = dtype, Processing = Processing.None });
        using var file = Checkpoint.Open(Path.Combine(Family.Folder("gemma"), "model.safetensors"));
        var ids = Family.Ids("gemma");
        var embedded = new Recorded(model, ids)["hook_embed"].view(-1, 48);

        var factor = torch.tensor(Math.Sqrt(48), torch.float64).to(dtype).to(torch.float32);
        Assert.Equal(dtype == torch.ScalarType.BFloat16 ? 6.9375f : 6.9296875f, factor.item<float>());
        var rows = file.Read("model.embed_tokens.weight").to(dtype).index_select(0, ids.reshape(-1));
        Assert.True(embedded.Equals((rows.to(torch.float32) * factor).to(dtype)));

        var gain = file.Read("model.layers.0.input_layernorm.weight").to(dtype).to(torch.float32);
        Assert.True(Through(model, embedded).Equals((Normalized(embedded, 1e-6) * (1 + gain)).to(dtype)));
        Assert.False(Through(model, embedded).Equals(Normalized(embedded, 1e-6).to(dtype) * (1 + gain).to(dtype)), "the two orders give the same bits here, so that the test shows nothing");
    }

    [Theory]
    [InlineData(torch.ScalarType.BFloat16)]
    [InlineData(torch.ScalarType.Float16)]
    public void Llama_rounds_the_normalized_value_and_then_multiplies_by_the_gain(torch.ScalarType dtype)
    {
        using var scope = torch.NewDisposeScope();
        using var model = Family.Load("llama", options: new() { DType = dtype, Processing = Processing.None });
        using var file = Checkpoint.Open(Path.Combine(Family.Folder("llama"), "model.safetensors"));
        var embedded = new Recorded(model, Family.Ids("llama"))["hook_embed"].view(-1, model.Config.DModel);
        var gain = file.Read("model.layers.0.input_layernorm.weight").to(dtype);
        Assert.True(Through(model, embedded).Equals(Normalized(embedded, 1e-5).to(dtype) * gain));
        Assert.False(Through(model, embedded).Equals((Normalized(embedded, 1e-5) * gain.to(torch.float32)).to(dtype)), "the two orders give the same bits here, so that the test shows nothing");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void The_scale_of_a_norm_of_16_bits_with_an_outlier_of_3000_is_that_of_64_bits(bool rms)
    {
        using var scope = torch.NewDisposeScope();
        var x = torch.linspace(-1, 1, 64).unsqueeze(0);
        x[0, 7] = 3000;
        x = x.to(torch.bfloat16);
        var wide = x.to(torch.float64);
        var centred = rms ? wide : wide - wide.mean();
        var want = (centred.pow(2).mean() + 1e-6).sqrt().item<double>();
        var scale = ScaleOf(rms ? new RmsNormConfig(1e-6) : new LayerNormConfig(1e-6), x);
        Assert.Equal(torch.float32, scale.dtype);
        Assert.InRange(scale.to(torch.float64).item<double>() / want, 1 - 1e-6, 1 + 1e-6);
    }

    [Theory]
    [InlineData(torch.ScalarType.Float32, 1e-5)]
    [InlineData(torch.ScalarType.BFloat16, 4e-3)]
    public void Tiny_values_are_divided_by_the_root_of_variance_plus_epsilon(torch.ScalarType dtype, double rounding)
    {
        using var scope = torch.NewDisposeScope();
        var x = torch.linspace(-1e-4, 1e-4, 64).unsqueeze(0).to(dtype);
        var wide = x.to(torch.float64);
        foreach (var rms in new[] { true, false })
        {
            var centred = rms ? wide : wide - wide.mean();
            var want = (centred.pow(2).mean() + 1e-5).sqrt().item<double>();
            Assert.InRange(ScaleOf(rms ? new RmsNormConfig(1e-5) : new LayerNormConfig(1e-5), x).to(torch.float64).item<double>() / want, 1 - rounding, 1 + rounding);
        }
    }

    [Theory]
    [InlineData(11)]
    [InlineData(600)]
    public void Scores_of_200_stay_under_a_bound_of_50_on_every_kernel(int length)
    {
        using var scope = torch.NewDisposeScope();
        using var model = Capped(50);
        var ids = torch.arange(length).remainder(model.Config.DVocab).to(torch.int64).unsqueeze(0);
        const string Scores = "blocks.1.attn.hook_attn_scores";
        using var uncapped = Capped(null);
        var raw = new Recorded(uncapped, ids)[Scores];
        var loudness = 250 / raw.masked_fill(raw.isinf(), 0).abs().max().item<float>();
        using var loud = model.Hooks(("blocks.*.attn.hook_rot_q", (x, _) => x * loudness));
        using var louder = uncapped.Hooks(("blocks.*.attn.hook_rot_q", (x, _) => x * loudness));
        var unbound = new Recorded(uncapped, ids)["blocks.0.attn.hook_attn_scores"];
        Assert.True(unbound.masked_fill(unbound.isinf(), 0).abs().max().item<float>() > 100, "the scores are too quiet to show anything");

        var quiet = model.Forward(ids);
        Recorded observed = new(model, ids);
        Assert.True(Distance(quiet, observed.Logits) < 1e-4);
        for (var layer = 0; layer < model.Config.NLayers; layer++)
        {
            var scores = observed[$"blocks.{layer}.attn.hook_attn_scores"];
            Assert.True(scores.masked_fill(scores.isinf(), 0).abs().max().item<float>() <= 50.0001);
        }
    }

    private static HookedTransformer Capped(double? cap)
    {
        var path = Path.Combine(Family.Folder("gemma2"), "config.json");
        var json = ConfigFile.Parse(Encoding.UTF8.GetBytes(File.ReadAllText(path)), path);
        var config = Catalogue.Of(json, path).ReadConfig(json, path);
        HookedTransformer model = new(config with { NCtx = 1024, Blocks = [.. config.Blocks.Select(b => b with { Mixer = (AttentionConfig)b.Mixer with { SoftCap = cap, Window = null } })] });
        using var whole = Family.Load("gemma2");
        foreach (var weight in whole.Weights.Where(w => w.IsBound))
        {
            model.Weight(weight.Name).Set(weight.Value);
        }

        return model;
    }

    /// <summary>What the norm before the first block's attention writes.</summary>
    private static Tensor Through(HookedTransformer model, Tensor x)
    {
        using Pass pass = new([new Segment(1, x.shape[0], NoPrefix.Instance)], ActiveHooks.None);
        return model.Blocks[0].Ln1!.Forward(x, pass);
    }

    /// <summary>The value over the root of its mean square, in 32 bits.</summary>
    private static Tensor Normalized(Tensor x, double epsilon)
    {
        var wide = x.to(torch.float32);
        return wide / (wide.pow(2).mean([-1], keepdim: true) + epsilon).sqrt();
    }

    private static Tensor ScaleOf(NormConfig config, Tensor x)
    {
        Norm norm = new(new PartScope().With(("d_model", x.shape[1])).Child("ln"), config);
        Tensor? seen = null;
        HookRegistration watch = new() { Points = [norm.HookScale], Function = (scale, _) => { seen = scale.clone(); return null; } };
        using Pass pass = new([new Segment(1, x.shape[0], NoPrefix.Instance)], new([watch]));
        norm.Forward(x, pass);
        return seen!;
    }
}
