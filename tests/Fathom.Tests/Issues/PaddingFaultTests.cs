using Fathom.Activations;
using Fathom.Loading;
using Fathom.Models;
using Fathom.Tests.Fixtures;
using Fathom.Tokenization;

namespace Fathom.Tests.Issues;

/// <summary>Faults that users met with padding, masks, losses and batches of other tools.</summary>
public sealed class PaddingFaultTests : IDisposable
{
    private static readonly long[] Prompt = [3, 14, 15, 92, 65, 35];

    private readonly HookedTransformer _model = HookedTransformer.FromPretrained(Fixture.Folder("families/gpt2"), Processing.None);

    public void Dispose() => _model.Dispose();

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(8)]
    public void Left_padding_changes_no_logit_of_a_real_token(int pads)
    {
        using var scope = torch.NewDisposeScope();
        var plain = _model.Run(Prompt);
        var padded = _model.Run(new long[pads].Concat(Prompt).ToArray(), new() { AttentionMask = Mask([.. new int[pads], 1, 1, 1, 1, 1, 1]) });
        Assert.Equal(0, Golden.Distance(plain, padded.narrow(1, pads, 6)), 5);
    }

    [Fact]
    public void Ids_and_strings_give_the_same_logits_padded_on_the_left_or_not()
    {
        using var scope = torch.NewDisposeScope();
        using var model = HookedTransformer.FromPretrained("names-4l");
        model.PaddingSide = Side.Left;
        string[] prompts = ["Famous computer scientist", "Her"];
        var together = model.Run(prompts);
        for (var row = 0; row < prompts.Length; row++)
        {
            var ids = model.ToTokens(prompts[row]).reshape(-1).data<long>().ToArray();
            var alone = model.Run(ids);
            Assert.Equal(0, Golden.Distance(alone, model.Run(prompts[row])), 5);
            Assert.Equal(0, Golden.Distance(alone, together.narrow(0, row, 1).narrow(1, together.shape[1] - ids.Length, ids.Length)), 4);
        }
    }

    [Fact]
    public void The_mask_wins_in_the_middle_of_a_prompt_and_on_a_cache()
    {
        using var scope = torch.NewDisposeScope();
        var without = _model.Run(new long[] { 3, 14, 92, 65, 35 });
        long[] with = [3, 14, 77, 92, 65, 35];
        var masked = _model.Run(with, new() { AttentionMask = Mask([1, 1, 0, 1, 1, 1]) });
        Assert.Equal(0, Golden.Distance(without.narrow(1, 2, 3), masked.narrow(1, 3, 3)), 5);

        using KeyValueCache cache = new();
        _model.Run(with[..4], new() { AttentionMask = Mask([1, 1, 0, 1]), Cache = cache });
        var resumed = _model.Run(with[4..], new() { Cache = cache });
        Assert.Equal(0, Golden.Distance(without.narrow(1, 3, 2), resumed), 5);
    }

    [Fact]
    public void A_mask_is_never_guessed_from_ids()
    {
        using var scope = torch.NewDisposeScope();
        _model.SpecialTokens = new(0, [0], 0);
        var cache = _model.RunWithCache(new long[] { 0, 3, 0, 0 }, "blocks.0.attn.hook_pattern").Cache;
        Assert.True(cache["pattern0"][0, 0, 3, 2].item<float>() > 0);
    }

    [Fact]
    public void The_loss_ignores_masked_tokens_in_sum_and_in_count()
    {
        using var mask = Mask([1, 1, 1, 1, 0, 0]);
        var loss = _model.Loss(Prompt, new() { AttentionMask = mask });
        Assert.Equal(_model.Loss(Prompt[..4]), loss, 5);
        Assert.Equal(loss, _model.Loss(new long[] { 3, 14, 15, 92, 7, 8 }, new() { AttentionMask = mask }), 6);
    }

    [Fact]
    public void Fully_masked_rows_are_zeros_and_nothing_is_a_NaN()
    {
        using var scope = torch.NewDisposeScope();
        var run = _model.RunWithCache(new long[] { 0, 0, 3, 14 }, options: new() { Run = new() { AttentionMask = Mask([0, 0, 1, 1]) } });
        Assert.Equal(0, run.Cache["pattern0"].narrow(2, 0, 2).abs().max().item<float>());
        Assert.All(run.Cache, a => Assert.False(a.Value.isnan().any().item<bool>(), a.Key));
        Assert.False(run.Logits.isnan().any().item<bool>());
        Assert.True(double.IsFinite(_model.Loss(new long[] { 0, 0, 3, 14 }, new() { AttentionMask = Mask([0, 0, 1, 1]) })));
    }

    [Theory]
    [InlineData(Side.Left)]
    [InlineData(Side.Right)]
    public void Batched_generation_gives_the_ids_of_single_runs_whatever_the_padding_side(Side side)
    {
        using var model = HookedTransformer.FromPretrained("names-4l");
        model.PaddingSide = side;
        string[] prompts = ["Famous computer scientist", "Her name was Alex Hart. When", "Her"];
        GenerationOptions options = new() { MaxNewTokens = 6, StopAtEos = false };
        Assert.Equal(prompts.Select(p => model.Generate(p, options).NewIds[0]), model.Generate(prompts, options).NewIds);
    }

    [Fact]
    public void A_batch_without_a_padding_token_asks_for_a_choice()
    {
        using var model = HookedTransformer.FromPretrained("names-4l");
        model.SpecialTokens = model.SpecialTokens with { Pad = null };
        var error = Assert.Throws<TokenInputException>(() => model.Run(new[] { "Her name", "Her" }));
        Assert.Contains("Pad = id", error.Message, StringComparison.Ordinal);
    }

    private static Tensor Mask(int[] mask) => torch.tensor([.. mask.Select(m => (long)m)], torch.int64).unsqueeze(0);
}
