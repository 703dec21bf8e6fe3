using Fathom.Hooks;
using Fathom.Models;
using Fathom.Tensors;
using static Fathom.Tests.Conformance.Recorded;

namespace Fathom.Tests.Conformance;

/// <summary>Answers of encoder-decoders: on a cache for self- and cross-attention, and without.</summary>
public sealed class EncoderDecoderGenerationTests
{
    public static TheoryData<string> Families => [.. Family.EncoderDecoders];

    [Theory]
    [MemberData(nameof(Families))]
    public void Answers_are_those_of_the_reference_token_for_token_on_a_cache_and_without(string family)
    {
        using var scope = torch.NewDisposeScope();
        using var model = Family.LoadEncoderDecoder(family);
        using var golden = Family.Golden(family);
        var want = golden.Read("generated").ToIds();
        var input = EncoderDecoderTests.Inputs(family).Ids.narrow(0, 0, 1);
        foreach (var cached in new[] { true, false })
        {
            var made = model.Generate(input, new() { MaxNewTokens = want.Length, StopAtEos = false, UseCache = cached });
            Assert.Equal(want, made.NewIds[0].Select(i => (long)i));
            Assert.Equal([model.DecoderStartToken!.Value], made.PromptIds[0]);
        }
    }

    [Theory]
    [MemberData(nameof(Families))]
    public void A_run_on_a_cache_equals_a_run_without(string family)
    {
        using var scope = torch.NewDisposeScope();
        using var model = Family.LoadEncoderDecoder(family);
        var (ids, decoder) = EncoderDecoderTests.Inputs(family);
        var whole = model.Forward(ids, decoder);
        using KeyValueCache cache = new();
        long done = 0;
        foreach (var part in new[] { 3L, 1, 2, 1 })
        {
            var cached = model.Forward(ids, decoder.narrow(1, done, part), new() { Cache = cache });
            var difference = Distance(whole.narrow(1, done, part), cached);
            Assert.True(difference <= 1e-4, $"{family}: after {done} tokens the cached logits differ by {difference:G3}");
            done += part;
        }
    }

    [Theory]
    [MemberData(nameof(Families))]
    public void Batched_answers_are_those_of_single_runs(string family)
    {
        using var scope = torch.NewDisposeScope();
        using var model = Family.LoadEncoderDecoder(family);
        var (ids, _) = EncoderDecoderTests.Inputs(family);
        GenerationOptions options = new() { MaxNewTokens = 6, StopAtEos = false };
        var together = model.Generate(ids, options);
        for (var row = 0; row < ids.shape[0]; row++)
        {
            Assert.Equal(model.Generate(ids.narrow(0, row, 1), options).NewIds[0], together.NewIds[row]);
        }
    }

    [Theory]
    [MemberData(nameof(Families))]
    public void Hooks_act_at_every_step_alike_on_a_cache_and_without(string family)
    {
        using var scope = torch.NewDisposeScope();
        using var model = Family.LoadEncoderDecoder(family);
        var input = EncoderDecoderTests.Inputs(family).Ids.narrow(0, 0, 1);
        var points = new[] { "decoder.0.cross_attn.hook_v", "decoder.0.cross_attn.hook_k", "encoder.0.hook_mlp_out", "decoder.0.hook_attn_out", "decoder.0.attn.hook_v" };
        foreach (var point in points)
        {
            // In place, so that an edit of kept keys and values would add up from step to step.
            HookFunction edit = (x, _) => x.mul_(1.5);
            Tensor[] Steps(bool cached) => [.. model.GenerateSteps(input, new() { MaxNewTokens = 4, StopAtEos = false, UseCache = cached, Hooks = [(point, edit)] }).Select(s => s.Logits.clone())];
            foreach (var (a, b) in Steps(true).Zip(Steps(false)))
            {
                Assert.True(Distance(a, b) <= 1e-4, $"{family}: with an edit at {point} the cached logits differ by {Distance(a, b):G3}");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Families))]
    public void The_encoder_runs_once_and_a_hook_on_it_that_cannot_fire_is_an_error(string family)
    {
        using var scope = torch.NewDisposeScope();
        using var model = Family.LoadEncoderDecoder(family);
        var (ids, decoder) = EncoderDecoderTests.Inputs(family);
        var runs = 0;
        using KeyValueCache cache = new();
        using (model.AddHook("encoder.0.hook_resid_pre", (Tensor _, HookPoint _) => { runs++; }))
        {
            model.Generate(ids, new() { MaxNewTokens = 3, StopAtEos = false });
            Assert.Equal(1, runs);
            model.Forward(ids, decoder.narrow(1, 0, 2), new() { Cache = cache });
            var error = Assert.Throws<HookNeverFiredException>(() => model.Forward(ids, decoder.narrow(1, 2, 1), new() { Cache = cache }));
            Assert.Contains("the encoder ran when the cache was filled", error.Message, StringComparison.Ordinal);
        }

        Assert.Equal(2, runs);
    }

    [Fact]
    public void A_cache_of_another_input_is_refused()
    {
        using var scope = torch.NewDisposeScope();
        using var model = Family.LoadEncoderDecoder("t5");
        var (ids, decoder) = EncoderDecoderTests.Inputs("t5");
        using KeyValueCache cache = new();
        model.Forward(ids, decoder.narrow(1, 0, 2), new() { Cache = cache });
        Assert.True(cache.Bytes > 0);
        var other = Assert.Throws<TokenInputException>(() => model.Forward(ids + 1, decoder.narrow(1, 2, 1), new() { Cache = cache }));
        Assert.Contains("another encoded input", other.Message, StringComparison.Ordinal);
        var missing = Assert.Throws<TokenInputException>(() => model.Forward(ids, new RunOptions { Cache = cache }));
        Assert.Contains("RunOptions.DecoderTokens", missing.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Forced_tokens_are_written_and_can_be_switched_off()
    {
        using var scope = torch.NewDisposeScope();
        using var model = Family.LoadEncoderDecoder("mbart");
        var input = EncoderDecoderTests.Inputs("mbart").Ids.narrow(0, 0, 1);
        GenerationOptions options = new() { MaxNewTokens = 3, StopAtEos = false };
        var last = model.ForcedLastToken!.Value;
        Assert.Equal(last, model.Generate(input, options).NewIds[0][^1]);
        (model.ForcedFirstToken, model.ForcedLastToken) = (17, null);
        var free = model.Generate(input, options).NewIds[0];
        Assert.Equal(17, free[0]);
        Assert.NotEqual(last, free[^1]);
        Assert.NotEqual(17, model.Generate(input, options, begun: new long[] { 2, 5 }).NewIds[0][0]);
    }
}
