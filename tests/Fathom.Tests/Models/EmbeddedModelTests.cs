using Fathom.Activations;
using Fathom.Hooks;
using Fathom.Loading;
using Fathom.Loading.Checkpoints;
using Fathom.Models;
using Fathom.Tensors;
using Fathom.Tests.Fixtures;

namespace Fathom.Tests.Models;

/// <summary>The founding notebook's first half, on the model that ships with the library.</summary>
public sealed class EmbeddedModelTests : IDisposable
{
    private readonly HookedTransformer _model = HookedTransformer.FromPretrained("names-4l");

    public void Dispose() => _model.Dispose();

    [Fact]
    public void Turing_follows_famous_computer_scientist_Alan()
    {
        using var run = _model.RunWithCache("Famous computer scientist Alan");
        Assert.Equal(" Turing", _model.ToSingleStrToken(run.Logits.ArgMaxLast()));
        Assert.Equal(4 * 17 + 6, run.Cache.Count);
        Assert.Equal("hook_embed", run.Cache.Names[0]);
        Assert.All(run.Cache, entry => Assert.True(double.IsFinite(entry.Value.Sum()) || entry.Key.EndsWith("attn_scores", StringComparison.Ordinal)));
    }

    [Fact]
    public void Hart_is_the_answer_with_the_measured_probability()
    {
        var test = _model.TestPrompt("Her name was Alex Hart. When Alex", "Hart");
        var token = Assert.Single(test.Answers[0].Tokens);
        Assert.Equal((" Hart", 0), (token.Text, token.Rank));
        Assert.InRange(token.Probability, 0.975, 0.987);
        Assert.Contains("Top 0th token.", test.ToString(), StringComparison.Ordinal);
        Assert.StartsWith("Tokenized prompt: ['<|endoftext|>', 'Her', ' name', ' was', ' Alex', ' Hart', '.', ' When', ' Alex']", test.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Patching_one_position_by_hand_moves_the_answer()
    {
        using var corrupted = _model.RunWithCache("Her name was Alex Carroll. When Alex");
        _model.AddHook("blocks.0.hook_resid_pre", (x, hook) =>
        {
            using var scope = torch.NewDisposeScope();
            x[.., 5] = corrupted.Cache[hook.Name][.., 5];
            return x;
        });
        var patched = _model.TestPrompt("Her name was Alex Hart. When Alex", " Hart");
        _model.ResetHooks();
        Assert.True(patched.Answers[0].Tokens[0].Probability < 0.01);
        Assert.Equal(0, _model.TestPrompt("Her name was Alex Hart. When Alex", " Hart").Answers[0].Tokens[0].Rank);
    }

    [Fact]
    public void Generation_is_the_same_with_and_without_a_cache()
    {
        GenerationOptions options = new() { MaxNewTokens = 12, StopAtEos = false };
        var cached = _model.Generate("Her name was Alex Hart. When", options);
        var plain = _model.Generate("Her name was Alex Hart. When", options with { UseCache = false });
        Assert.Equal(plain.NewIds[0], cached.NewIds[0]);
        Assert.Equal(cached.Text, "Her name was Alex Hart. When" + string.Concat(_model.GenerateText("Her name was Alex Hart. When", options)));
    }

    [Fact]
    public void A_batch_generates_what_single_prompts_do()
    {
        string[] prompts = ["Her name was Alex Hart. When", "Famous computer scientist", "Her name was Sarah"];
        GenerationOptions options = new() { MaxNewTokens = 8, StopAtEos = false };
        var batch = _model.Generate(prompts, options);
        Assert.Equal(prompts.Select(p => _model.Generate(p, options).NewIds[0]), batch.NewIds);
    }
}
