using Fathom.Activations;
using Fathom.Architectures;
using Fathom.Components;
using Fathom.Configuration;
using Fathom.Hooks;
using Fathom.Loading;
using Fathom.Loading.Checkpoints;
using Fathom.Models;
using Fathom.Tests.Conformance;
using Fathom.Tests.Fixtures;
using static Fathom.Tests.Conformance.Recorded;

namespace Fathom.Tests.Issues;

/// <summary>Faults of encoder-decoders that users met elsewhere.</summary>
public sealed class EncoderDecoderFaultTests
{
    [Theory]
    [InlineData("t5")]
    [InlineData("t5-v1.1")]
    public void Position_bias_under_a_cache_belongs_to_absolute_positions(string family)
    {
        using var scope = torch.NewDisposeScope();
        using var model = Family.LoadEncoderDecoder(family);
        var ids = EncoderDecoderTests.Inputs(family).Ids;
        var decoder = torch.arange(80, dtype: torch.int64).unsqueeze(0).expand(2, -1) * 7 % model.Config.DVocab;
        Dictionary<string, Tensor> whole = [];
        var layer = model.Decoder.Blocks.Count - 1;
        var point = $"decoder.{layer}.attn.hook_attn_scores";
        var logits = model.Forward(ids, decoder, new() { Hooks = [(point, (x, p) =>
        {
            whole[p.Name] = x.clone().DetachFromDisposeScope();
            return null;
        })] });
        using KeyValueCache cache = new();
        for (var at = 0; at < 80; at++)
        {
            using var step = torch.NewDisposeScope();
            Tensor? scores = null;
            var one = model.Forward(ids, decoder.narrow(1, at, 1), new() { Cache = cache, Hooks = [(point, (x, _) =>
            {
                scores = x.clone().DetachFromDisposeScope();
                return null;
            })] });
            Assert.True(Distance(logits.narrow(1, at, 1), one) <= 1e-4, $"{family}: token {at} on a cache differs from one pass");
            Assert.True(Distance(whole[point].narrow(2, at, 1).narrow(3, 0, at + 1), scores!) <= 1e-4, $"{family}: the scores of token {at} on a cache differ from one pass");
        }
    }

    [Theory]
    [InlineData("t5")]
    [InlineData("t5-v1.1")]
    public void Cross_attention_has_no_relative_bias(string family)
    {
        using var scope = torch.NewDisposeScope();
        using var model = Family.LoadEncoderDecoder(family);
        var (ids, decoder) = EncoderDecoderTests.Inputs(family);
        Dictionary<string, Tensor> Scores()
        {
            Dictionary<string, Tensor> seen = [];
            HookFunction keep = (x, point) =>
            {
                seen[point.Name] = x.clone().DetachFromDisposeScope();
                return null;
            };

            // Attention is cut off from the stream, so that the decoder's table can reach cross-attention's scores by a bias only.
            HookFunction nothing = (x, _) => torch.zeros_like(x);
            model.Forward(ids, decoder, new() { Hooks = [("decoder.0.*attn.hook_attn_scores", keep), ("decoder.0.hook_attn_out", nothing)] });
            return seen;
        }

        var before = Scores();
        var table = model.Weight("decoder.0.attn.rel_pos_bias.weight");
        table.Set(table.Value + torch.linspace(-2, 2, table.Count).view(table.Value.shape));
        var after = Scores();
        Assert.Equal(["decoder.0.attn.hook_attn_scores", "decoder.0.cross_attn.hook_attn_scores"], before.Keys);
        Assert.True(Distance(before["decoder.0.attn.hook_attn_scores"], after["decoder.0.attn.hook_attn_scores"]) > 0.1, $"{family}: the table does not enter self-attention");
        Assert.True(before["decoder.0.cross_attn.hook_attn_scores"].Equals(after["decoder.0.cross_attn.hook_attn_scores"]), $"{family}: the table enters cross-attention");
    }

    [Fact]
    public void The_table_of_the_first_layer_serves_every_layer_of_its_stack_and_no_other()
    {
        using var scope = torch.NewDisposeScope();
        using var model = Family.LoadEncoderDecoder("t5-v1.1");
        Assert.Equal(["encoder.0.attn.rel_pos_bias.weight", "decoder.0.attn.rel_pos_bias.weight"], model.Weights.Select(w => w.Name).Where(n => n.Contains("rel_pos", StringComparison.Ordinal)));
        var (ids, _) = EncoderDecoderTests.Inputs("t5-v1.1");
        var before = model.Encode(ids);
        var table = model.Weight("decoder.0.attn.rel_pos_bias.weight");
        table.Set(table.Value * 2);
        Assert.True(before.Equals(model.Encode(ids)), "the decoder's table reaches the encoder");
    }

    [Fact]
    public void Buckets_are_those_of_the_paper_on_both_sides_and_in_the_past_only()
    {
        using var scope = torch.NewDisposeScope();
        static long[] Buckets(bool bidirectional, params long[] keyMinusQuery) =>
            ScoreBias.Buckets(new(32, 128, bidirectional, OwnsTable: true), torch.tensor(keyMinusQuery)).data<long>().ToArray();

        Assert.Equal([0, 1, 7, 8, 8, 9, 15, 15], Buckets(true, 0, -1, -7, -8, -11, -12, -127, -1000));
        Assert.Equal([17, 23, 24, 31], Buckets(true, 1, 7, 8, 500));
        Assert.Equal([0, 1, 15, 16, 16, 31, 31, 0], Buckets(false, 0, -1, -15, -16, -18, -127, -1000, 5));
    }

    [Theory]
    [InlineData("t5")]
    [InlineData("bart")]
    public void An_encoder_decoder_loaded_as_a_decoder_is_refused_by_the_name_of_its_class(string family)
    {
        var error = Assert.Throws<ConfigException>(() => HookedTransformer.FromPretrained(Fixture.Folder($"families/{family}")));
        Assert.Contains("is an encoder-decoder: load it with HookedEncoderDecoder.FromPretrained", error.Message, StringComparison.Ordinal);
        using var model = PretrainedModel.Load(Fixture.Folder($"families/{family}")).Model;
        Assert.IsType<HookedEncoderDecoder>(model);
        Assert.Contains(nameof(HookedEncoderDecoder), Assert.Throws<ArgumentException>(() => new HookedTransformer(((HookedEncoderDecoder)model).Config)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_embedding_that_a_stack_repeats_with_other_numbers_is_refused()
    {
        using var scope = torch.NewDisposeScope();
        var folder = Fixture.Copy("families/t5");
        using (var hub = Checkpoint.Open(Path.Combine(folder, "model.hub.safetensors")))
        {
            var tensors = hub.Tensors.Keys.ToDictionary(n => n, hub.Read);
            tensors["decoder.embed_tokens.weight"] += 1;
            File.Delete(Path.Combine(folder, "model.safetensors"));
            Rewrite(Path.Combine(folder, "model.safetensors"), tensors);
        }

        File.Delete(Path.Combine(folder, "model.hub.safetensors"));
        var error = Assert.Throws<CheckpointMismatchException>(() => HookedEncoderDecoder.FromPretrained(folder));
        Assert.Contains("'decoder.embed_tokens.weight' should repeat 'shared.weight' and holds other numbers", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_run_that_concerns_another_kind_of_model_is_refused()
    {
        using var scope = torch.NewDisposeScope();
        using var decoder = Family.Load("gpt2");
        using var two = Family.LoadEncoderDecoder("t5");
        var ids = torch.tensor(new long[,] { { 1, 5, 9 } });
        Assert.Contains("HookedEncoderDecoder", Assert.Throws<TokenInputException>(() => decoder.Forward(ids, new() { DecoderTokens = ids })).Message, StringComparison.Ordinal);
        Assert.Contains("two stacks", Assert.Throws<TokenInputException>(() => two.Forward(ids, new RunOptions { StopAtLayer = 1 })).Message, StringComparison.Ordinal);
        Assert.Contains("Repeat the one or the other", Assert.Throws<TokenInputException>(() => two.Forward(ids, torch.zeros([2, 3], torch.int64))).Message, StringComparison.Ordinal);
        Assert.Contains("encoder alone", Assert.Throws<TokenInputException>(() => two.Encode(ids, new() { DecoderTokens = ids })).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("t5")]
    [InlineData("bart")]
    public void Native_memory_is_flat_over_runs_and_answers_with_hooks_that_throw_half_of_the_time(string family)
    {
        using var model = HookedEncoderDecoder.FromPretrained(Fixture.Folder($"families/{family}"));
        using var ids = torch.tensor(new long[,] { { 5, 9, 3, 7 }, { 4, 8, 2, 6 } });
        void Round(int i)
        {
            var fired = 0;
            HookFunction stop = (_, _) => i % 2 == 0 || ++fired < 2 ? null : throw new InvalidOperationException("stop");
            try
            {
                using var run = model.RunWithCache(ids, options: new() { GradientOf = i % 4 == 2 ? logits => logits.sum() : null });
                using var encoded = model.Encode(ids);
                model.Generate(ids, new() { MaxNewTokens = 3, StopAtEos = false, Hooks = [("decoder.0.cross_attn.hook_k", stop)] });
            }
            catch (InvalidOperationException e) when (e.Message == "stop")
            {
                // Half of the answers end at their second step, and must leave nothing behind.
            }
        }

        long After(int rounds)
        {
            for (var i = 0; i < rounds; i++)
            {
                Round(i);
            }

            GC.Collect();
            GC.WaitForPendingFinalizers();
            return torch.Tensor.TotalCount;
        }

        var before = After(8);
        Assert.InRange(After(100) - before, -50, 50);
    }

    [Fact]
    public void Fully_masked_inputs_give_patterns_of_zeros_and_no_number_that_is_none()
    {
        using var scope = torch.NewDisposeScope();
        using var model = Family.LoadEncoderDecoder("bart");
        var (ids, decoder) = EncoderDecoderTests.Inputs("bart");
        var mask = torch.ones_like(ids);
        mask.select(0, 1).zero_();
        Tensor? pattern = null;
        var logits = model.Forward(ids, decoder, new() { AttentionMask = mask, Hooks = [("decoder.1.cross_attn.hook_pattern", (x, _) =>
        {
            pattern = x.clone().DetachFromDisposeScope();
            return null;
        })] });
        Assert.Equal(0, pattern!.select(0, 1).abs().max().item<float>());
        Assert.False(logits.isnan().any().item<bool>());
        Assert.True(Distance(logits.narrow(0, 0, 1), model.Forward(ids.narrow(0, 0, 1), decoder.narrow(0, 0, 1))) <= 5e-5);
        pattern.Dispose();
    }

    private static void Rewrite(string path, Dictionary<string, Tensor> tensors) => SafetensorsWriter.Write(path, tensors);
}
