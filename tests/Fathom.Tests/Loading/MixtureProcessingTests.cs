using Fathom.Components;
using Fathom.Configuration;
using Fathom.Loading;
using Fathom.Models;
using Fathom.Tests.Conformance;
using Fathom.Tests.Patching;

namespace Fathom.Tests.Loading;

/// <summary>Weight processing of mixtures of experts: into every expert and the router, or refused.</summary>
public sealed class MixtureProcessingTests
{
    private static readonly Processing Fold = new() { FoldLayerNorm = true };

    [Theory]
    [InlineData("mixtral")]
    [InlineData("phimoe")]
    [InlineData("gpt-oss")]
    [InlineData("qwen2-moe")]
    [InlineData("llama4")]
    [InlineData("jetmoe")]
    public void Norms_are_folded_into_the_router_and_every_expert(string family)
    {
        using var scope = torch.NewDisposeScope();
        using var plain = Family.Load(family);
        using var folded = Family.Load(family, options: new() { Processing = Fold });
        Assert.Equal("fold_ln", folded.Source.Processing);
        Assert.All(folded.Blocks, b => Assert.True(b.Ln1 is { W.IsBound: false } && b.Ln2 is { W.IsBound: false, B: null or { IsBound: false } }));
        var mlp = folded.Blocks.Select(b => b.Mlp).OfType<MixtureOfExperts>().First();
        Assert.All(new[] { mlp.Router.W, mlp.WGate, mlp.WIn }, w => Assert.False(w.Value.Equals(plain.Weight(w.Name).Value)));
        var ids = Family.Ids(family);
        Assert.True(Recorded.Distance(plain.Forward(ids), folded.Forward(ids)) <= 1e-4);
    }

    [Fact]
    public void What_a_layer_norm_mixture_writes_is_centred_in_every_expert()
    {
        using var scope = torch.NewDisposeScope();
        using var plain = Family.Load("phimoe");
        using var centred = Family.Load("phimoe", options: new() { Processing = new() { FoldLayerNorm = true, CenterWritingWeights = true } });
        var mlp = (MixtureOfExperts)centred.Blocks[0].Mlp!;
        Assert.True(mlp.WOut.Value.mean([-1]).abs().max().item<float>() < 1e-6);
        var ids = Family.Ids("phimoe");
        Assert.True(Recorded.Distance(plain.Forward(ids).log_softmax(-1), centred.Forward(ids).log_softmax(-1)) <= 1e-4);
    }

    [Fact]
    public void A_bias_that_the_routers_factor_would_miss_is_refused()
    {
        using var model = Make(new InputRouter(1), sharedGate: false);
        var refused = Assert.Throws<ProcessingException>(() => new WeightProcessing(model, Fold).Apply());
        Assert.Contains("the router in blocks.0 multiplies what its experts read", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_reader_without_a_bias_is_refused_before_anything_is_changed()
    {
        using var scope = torch.NewDisposeScope();
        using var model = Make(new TopKRouter(2), sharedGate: true);
        var ids = torch.tensor(new long[,] { { 1, 2, 3 } });
        var before = model.Forward(ids);
        var refused = Assert.Throws<ProcessingException>(() => new WeightProcessing(model, Fold).Apply());
        Assert.Contains("blocks.0.mlp.W_shared_gate has no bias that could take up the norm's bias", refused.Message, StringComparison.Ordinal);
        Assert.True(before.Equals(model.Forward(ids)));
    }

    private static HookedTransformer Make(RouterConfig router, bool sharedGate) => RandomModels.Make(
        new()
        {
            Architecture = "Random",
            DModel = 8,
            DVocab = 11,
            NCtx = 8,
            FinalNorm = new LayerNormConfig(1e-5),
            Blocks =
            [
                new()
                {
                    Mixer = new AttentionConfig { NHeads = 2, NKeyValueHeads = 2, DHead = 4, Scale = 0.5, QkvBias = true },
                    Ln1 = new LayerNormConfig(1e-5),
                    Ln2 = new LayerNormConfig(1e-5),
                    Mlp = new MixtureOfExpertsConfig(6, 4, Activation.Silu, router) { Shared = new(6, Activation.Silu), SharedGate = sharedGate },
                },
            ],
        },
        seed: 5);
}
