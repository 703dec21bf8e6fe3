using System.Text.Json.Nodes;
using Fathom.Activations;
using Fathom.Architectures;
using Fathom.Hooks;
using Fathom.Loading;
using Fathom.Loading.Checkpoints;
using Fathom.Models;
using Fathom.Tests.Fixtures;
using static Fathom.Tests.Conformance.Recorded;

namespace Fathom.Tests.Conformance;

/// <summary>The verbs of every model on encoder-decoders: caches, gradients, attached hooks, texts; and what loading refuses.</summary>
public sealed class EncoderDecoderVerbTests
{
    private const double Step = 1e-5;

    private static readonly string[] Kinds = ["hook_resid_pre", "attn.hook_q", "attn.hook_v", "attn.hook_pattern", "cross_attn.hook_q", "cross_attn.hook_k", "cross_attn.hook_v", "cross_attn.hook_pattern", "cross_attn.hook_z", "hook_cross_attn_out", "mlp.hook_post", "hook_mlp_out"];

    public static TheoryData<string> Families => [.. Family.EncoderDecoders];

    [Theory]
    [MemberData(nameof(Families))]
    public void Gradients_of_a_cached_run_agree_with_finite_differences(string family)
    {
        using var scope = torch.NewDisposeScope();
        using var model = Family.LoadEncoderDecoder(family, options: new() { DType = torch.float64, Processing = Processing.None });
        var (ids, decoder) = EncoderDecoderTests.Inputs(family);
        var weights = torch.linspace(-1, 1, model.Config.DVocab, dtype: torch.float64);
        Tensor Metric(Tensor logits) => (logits.select(1, 6) * weights).sum();
        string[] names = [.. model.HookPoints.Where(p => p.Layer == 0 && Kinds.Contains(p.ShortName)).Select(p => p.Name), "hook_embed", "hook_decoder_embed"];
        using var run = model.RunWithCache(ids, names, new() { GradientOf = Metric, Run = new() { DecoderTokens = decoder } });
        foreach (var name in names)
        {
            using var inner = torch.NewDisposeScope();
            var gradient = run.Cache.Gradients[name];
            var at = gradient.abs().argmax().item<long>();
            double Moved(double by) => Metric(model.Forward(ids, decoder, new() { Hooks = [(name, (x, _) =>
            {
                var moved = x.clone();
                moved.view(-1)[at] += by;
                return moved;
            })] })).item<double>();
            var (finite, exact) = ((Moved(Step) - Moved(-Step)) / (2 * Step), gradient.reshape(-1)[at].item<double>());
            Assert.True(Math.Abs(finite - exact) <= 1e-4 * Math.Max(1, Math.Abs(exact)) && exact != 0, $"{family}: the gradient of {name} at {at} is {exact:G8}, finite differences give {finite:G8}");
        }
    }

    [Fact]
    public void A_cached_run_keeps_both_stacks_in_firing_order_and_a_slice_of_the_batch()
    {
        using var scope = torch.NewDisposeScope();
        using var model = Family.LoadEncoderDecoder("bart");
        var (ids, decoder) = EncoderDecoderTests.Inputs("bart");
        using var run = model.RunWithCache(ids, options: new() { Run = new() { DecoderTokens = decoder } });
        Assert.Equal(model.HookPoints.Where(p => !p.IsOptional).Select(p => p.Name), run.Cache.Names);
        Assert.Equal([2, 4, 7, 11], run.Cache["decoder.1.cross_attn.hook_pattern"].shape);
        Assert.True(Distance(run.Cache["decoder.1.cross_attn.hook_pattern"].sum(dim: -1), torch.ones(2, 4, 7)) <= 1e-5);
        using var row = run.Cache.SliceBatch(1..2);
        Assert.Equal(1, row["encoder.0.hook_resid_pre"].shape[0]);
        using var start = model.RunWithCache(ids, "decoder.*.hook_resid_post");
        Assert.Equal([2, 1, 48], start.Cache["decoder.0.hook_resid_post"].shape);
        var unknown = Assert.Throws<UnknownHookException>(() => model.RunWithCache(ids, "decoder.0.cross_attn.hook_patern"));
        Assert.Contains("decoder.0.cross_attn.hook_pattern", unknown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Attached_hooks_act_until_they_are_reset()
    {
        using var scope = torch.NewDisposeScope();
        using var model = Family.LoadEncoderDecoder("mbart");
        var (ids, _) = EncoderDecoderTests.Inputs("mbart");
        var plain = model.Run(ids);
        model.AddHook("encoder.1.hook_mlp_out", (x, _) => torch.zeros_like(x));
        Assert.True(Distance(plain, model.Run(ids)) > 1e-4);
        Assert.True(Distance(model.Run(ids), model.RunWithHooks(ids, ("decoder.0.cross_attn.hook_v", (x, _) => torch.zeros_like(x)))) > 1e-4);
        model.ResetHooks();
        Assert.Equal(0, Distance(plain, model.Run(ids)));
    }

    [Fact]
    public void Texts_are_framed_by_the_tokenizer_and_padded_with_a_mask()
    {
        using var scope = torch.NewDisposeScope();
        using var model = HookedEncoderDecoder.FromPretrained(TinyWordPiece.Beside("families/pegasus"));
        Assert.Equal(["[CLS]", "the", "sun", "[SEP]"], model.ToStrTokens("the sun"));
        var both = model.Run(new[] { "the sun is bright today.", "the dog" });
        Assert.True(Distance(model.Run("the dog"), both.narrow(0, 1, 1)) <= 1e-4);
        GenerationOptions options = new() { MaxNewTokens = 4, StopAtEos = false };
        Assert.Equal(model.Generate("the dog", options).NewIds[0], model.Generate(new[] { "the sun is bright today.", "the dog" }, options).NewIds[1]);
        string[] begun = ["[PAD] the", "[PAD] the bright ball"];
        var together = model.Generate(new[] { "the sun", "the dog" }, options, begun: begun);
        Assert.Equal(model.Generate("the sun", options, begun: begun[0]).NewIds[0], together.NewIds[0]);
        Assert.Equal(["[PAD]", "the"], together.PromptIds[0].Select(model.ToSingleStrToken));
    }

    [Theory]
    [MemberData(nameof(Families))]
    public void In_16_bits_the_largest_logit_of_the_golden_answer_stays(string family)
    {
        using var scope = torch.NewDisposeScope();
        using var model = Family.LoadEncoderDecoder(family);
        using var half = Family.LoadEncoderDecoder(family, options: new() { DType = torch.bfloat16, Processing = Processing.None });
        var (ids, decoder) = EncoderDecoderTests.Inputs(family);
        var (wide, narrow) = (model.Forward(ids, decoder), half.Forward(ids, decoder));
        Assert.Equal(torch.bfloat16, narrow.dtype);
        Assert.True(Distance(wide, narrow) <= 0.03 * wide.abs().max().item<float>() + 0.1, $"{family}: in 16 bits logits move by {Distance(wide, narrow):G3}");
    }

    [Theory]
    [InlineData("t5", "feed_forward_proj", "\"gated-gelu-2\"", "relu, gated-gelu and gated-silu are implemented")]
    [InlineData("t5", "num_decoder_layers", "0", "must be from 1")]
    [InlineData("t5", "relative_attention_num_bucket", "32", "does not honour relative_attention_num_bucket=32")]
    [InlineData("t5", "relative_attention_num_buckets", "2", "at least 4")]
    [InlineData("t5", "relative_attention_max_distance", "8", "more than")]
    [InlineData("bart", "encoder_attention_heads", "5", "not a multiple of encoder_attention_heads 5")]
    [InlineData("bart", "normalize_before", "true", "only false is implemented")]
    [InlineData("mbart", "add_final_layer_norm", "false", "only true is implemented")]
    [InlineData("pegasus", "static_position_embeddings", "false", "only true is implemented")]
    [InlineData("bart", "decoder_layers", "100000", "must be from 1")]
    public void A_config_that_asks_for_something_else_is_refused_by_its_key(string family, string key, string value, string why)
    {
        var path = Path.Combine(Family.Folder(family), "config.json");
        var json = JsonNode.Parse(File.ReadAllBytes(path))!.AsObject();
        json[key] = JsonNode.Parse(value);
        var parsed = ConfigFile.Parse(System.Text.Encoding.UTF8.GetBytes(json.ToJsonString()), path);
        var refused = Assert.Throws<ConfigException>(() => Catalogue.Of(parsed, path).ReadConfig(parsed, path));
        Assert.Contains(refused.Keys, k => key.Contains(k, StringComparison.Ordinal) || k.Contains(key, StringComparison.Ordinal));
        Assert.Contains(why, refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("pegasus", "model.decoder.embed_positions.weight", "should hold the sines and cosines")]
    [InlineData("bart", "model.decoder.layers.1.encoder_attn.q_proj.weight", "decoder.1.cross_attn.W_Q")]
    public void A_file_that_holds_something_else_is_refused_by_its_tensor(string family, string tensor, string why)
    {
        using var scope = torch.NewDisposeScope();
        var folder = Fixture.Copy($"families/{family}");
        var file = Path.Combine(folder, "model.safetensors");
        Dictionary<string, Tensor> tensors;
        using (var checkpoint = Checkpoint.Open(file))
        {
            tensors = checkpoint.Tensors.Keys.ToDictionary(n => n, checkpoint.Read);
        }

        if (family == "pegasus")
        {
            tensors[tensor] *= 1.1;
        }
        else
        {
            tensors.Remove(tensor);
        }

        File.Delete(file);
        SafetensorsWriter.Write(file, tensors);
        Assert.Contains(why, Assert.Throws<CheckpointMismatchException>(() => HookedEncoderDecoder.FromPretrained(folder)).Message, StringComparison.Ordinal);
    }
}
