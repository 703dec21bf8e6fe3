using Fathom.Activations;
using Fathom.Hooks;
using Fathom.Loading;
using Fathom.Models;
using Fathom.Tensors;
using Fathom.Tests.Fixtures;
using Fathom.Tokenization;

namespace Fathom.Tests.Models;

/// <summary>Texts and encoders.</summary>
public sealed class HookedEncoderTests : IDisposable
{
    private readonly HookedEncoder _model = HookedEncoder.FromPretrained(TinyWordPiece.Beside("families/bert"));

    public void Dispose() => _model.Dispose();

    [Fact]
    public void A_text_is_framed_as_the_tokenizer_says_and_bare_when_asked()
    {
        Assert.Equal(["[CLS]", "the", "sun", "[SEP]"], _model.ToStrTokens("The sun"));
        Assert.Equal(["the", "sun"], _model.ToStrTokens("The sun", prependBos: false));
        Assert.Equal("sun", _model.ToSingleStrToken(_model.ToSingleToken("sun")));
    }

    [Fact]
    public void A_pair_of_texts_has_two_token_types()
    {
        using var batch = ModelInput.Pair("the sun", "is bright").Resolve(_model);
        Assert.Equal("[CLS] the sun [SEP] is bright [SEP]".Split(' '), batch.Ids.ToIds().Select(i => _model.ToSingleStrToken((int)i)));
        Assert.Equal([0, 0, 0, 0, 1, 1, 1], batch.TokenTypes!.ToIds());
        using var scope = torch.NewDisposeScope();
        Assert.True(Golden.Distance(_model.Forward(batch.Ids), _model.Run(ModelInput.Pair("the sun", "is bright"))) > 1e-3, "the types were not read");
        Assert.Equal(0, Golden.Distance(_model.Forward(batch.Ids, new() { TokenTypes = batch.TokenTypes }), _model.Run(ModelInput.Pair("the sun", "is bright"))));
    }

    [Theory]
    [InlineData(Side.Left)]
    [InlineData(Side.Right)]
    public void Texts_of_several_lengths_give_what_each_gives_alone(Side side)
    {
        using var scope = torch.NewDisposeScope();
        _model.PaddingSide = side;
        string[] texts = ["the dog has the ball.", "the sun", "is"];
        using var run = _model.RunWithCache(texts);
        for (var row = 0; row < texts.Length; row++)
        {
            using var alone = _model.RunWithCache(texts[row]);
            var length = alone.Logits.shape[1];
            var first = side == Side.Left ? run.Logits.shape[1] - length : 0;
            Assert.Equal(0, Golden.Distance(alone.Logits, run.Logits.narrow(0, row, 1).narrow(1, first, length)), 4);
            Assert.Equal(0, Golden.Distance(alone.Cache["resid_post", 1], run.Cache["resid_post", 1].narrow(0, row, 1).narrow(1, first, length)), 4);
        }
    }

    [Fact]
    public void Masked_tokens_are_predicted_one_by_one()
    {
        var masks = _model.PredictMasks("the [MASK] is [MASK] today.");
        Assert.Equal([2, 4], masks.Select(m => m.Position));
        using var scope = torch.NewDisposeScope();
        var logits = _model.Run("the [MASK] is [MASK] today.");
        Assert.Equal(logits[0, 4].argmax().item<long>(), masks[1].Tokens.Top(1)[0].Id);
    }

    [Fact]
    public void A_text_without_a_mask_says_what_to_write()
    {
        var error = Assert.Throws<TokenInputException>(() => _model.PredictMasks("the sun"));
        Assert.Contains("write [MASK] where a token is to be predicted", error.Message, StringComparison.Ordinal);
        _model.SpecialTokens = _model.SpecialTokens with { Mask = null };
        Assert.Contains("no mask token", Assert.Throws<TokenInputException>(() => _model.PredictMasks("the [MASK]")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_edit_reaches_earlier_positions()
    {
        using var scope = torch.NewDisposeScope();
        var plain = _model.Run("the sun is bright");
        var edited = _model.RunWithHooks("the sun is bright", ("blocks.0.hook_resid_pre", (x, _) =>
        {
            var moved = x.clone();
            moved[0, 4] += 1;
            return moved;
        }));
        Assert.True(Golden.Distance(plain.narrow(1, 0, 1), edited.narrow(1, 0, 1)) > 1e-4);
    }

    [Fact]
    public void An_activation_of_one_text_is_patched_into_another_by_a_hook()
    {
        using var scope = torch.NewDisposeScope();
        using var clean = _model.RunWithCache("the sun is [MASK] today");
        var corrupted = _model.Run("the dog is [MASK] today");
        for (var position = 0; position < 7; position++)
        {
            var at = position;
            var patched = _model.RunWithHooks("the dog is [MASK] today", ("blocks.0.hook_resid_pre", (resid, point) =>
            {
                resid.select(1, at).copy_(clean.Cache[point.Name].select(1, at));
                return null;
            }));
            // Only the changed word's stream differs between the two texts, and carrying it over gives the other text.
            Assert.Equal(0, Golden.Distance(at == 2 ? clean.Logits : corrupted, patched), 4);
        }
    }

    [Fact]
    public void Gradients_reach_the_embeddings_of_every_kind()
    {
        using var run = _model.RunWithCache("the [MASK] is bright", options: new() { GradientOf = logits => logits[0, 2, 60] });
        foreach (var name in new[] { "embed.hook_embed", "embed.hook_pos_embed", "embed.hook_token_type_embed", "blocks.0.attn.hook_pattern" })
        {
            Assert.True(run.Cache.Gradients[name].abs().max().item<float>() > 0, name);
        }
    }

    [Fact]
    public void Hooks_added_to_the_model_stay_until_they_are_reset()
    {
        using var scope = torch.NewDisposeScope();
        var fired = 0;
        _model.AddHook("blocks.1.attn.hook_pattern", (_, _) =>
        {
            fired++;
        });
        _model.Run("the sun");
        _model.ResetHooks();
        _model.Run("the sun");
        Assert.Equal(1, fired);
    }

    [Fact]
    public void A_layer_that_shares_its_weights_counts_once_and_can_be_changed_alone()
    {
        using var scope = torch.NewDisposeScope();
        using var albert = HookedEncoder.FromPretrained(Fixture.Folder("families/albert"));
        Assert.Equal(26529, albert.ParameterCount);
        var shared = albert.Weight("blocks.2.attn.W_Q");
        Assert.Same(albert.Weight("blocks.0.attn.W_Q"), shared.TiedTo);
        shared.Set(torch.zeros_like(shared.Value));
        Assert.True(albert.Weight("blocks.0.attn.W_Q").Value.abs().max().item<float>() > 0);
    }
}
