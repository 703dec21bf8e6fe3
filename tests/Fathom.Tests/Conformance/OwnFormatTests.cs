using System.Text.Json.Nodes;
using Fathom.Architectures;
using Fathom.Loading;
using Fathom.Loading.Checkpoints;
using Fathom.Models;
using Fathom.Tests.Fixtures;

namespace Fathom.Tests.Conformance;

/// <summary>TransformerLens's own models: a config in its words, and a <c>.pth</c> in its names.</summary>
public sealed class OwnFormatTests
{
    private static readonly long[,] Ids = { { 5, 1, 9, 100, 7 }, { 3, 3, 60, 2, 112 } };

    [Theory]
    [InlineData("solu-ln-2l")]
    [InlineData("shortformer-2l")]
    public void A_folder_with_a_pth_gives_the_values_of_the_dump(string toy)
    {
        using var scope = torch.NewDisposeScope();
        using TemporaryToy folder = new(toy);
        folder.Save([("blocks.0.attn.mask", torch.ones(64, 64, dtype: torch.ScalarType.Bool)), ("blocks.0.attn.IGNORE", torch.tensor(-1e5f)), ("blocks.1.attn.IGNORE", torch.tensor(-1e5f))]);
        foreach (var (dump, processing) in new[] { ("unprocessed", Processing.None), ("processed", TransformerLensTests.IsShortformer(toy) ? new() { FoldValueBiases = true } : Processing.Default) })
        {
            var (model, report) = HookedTransformer.LoadPretrained(folder.Path, processing);
            using var owned = model;
            TransformerLensTests.Compare(model, toy, Path.Combine(Family.Folder(toy), $"{dump}.safetensors"));
            Assert.Contains(report.Notes, n => n.StartsWith("3 stale tensors left out: blocks.0.attn.IGNORE", StringComparison.Ordinal));
        }
    }

    [Fact]
    public void A_folded_attention_only_model_gives_the_values_of_the_dump()
    {
        using var scope = torch.NewDisposeScope();
        var folder = Fixture.Copy("toys/attn-only-2l");
        File.Copy(Path.Combine(Fixture.Folder("patching/attn-only-2l"), "processed-weights.safetensors"), Path.Combine(folder, "model.safetensors"));
        using var model = HookedTransformer.FromPretrained(folder, Processing.None);
        Assert.All(model.Blocks, b => Assert.Null(b.Mlp));
        TransformerLensTests.Compare(model, "attn-only-2l", Path.Combine(folder, "processed.safetensors"));
    }

    [Theory]
    [InlineData(2)]
    [InlineData(7)]
    public void The_first_SoLU_models_have_other_names_and_turned_matrices(int layers)
    {
        using var scope = torch.NewDisposeScope();
        using TemporaryToy plain = new("solu-ln-2l"), old = new("solu-ln-2l", "SoLU_2L_v10_old");
        plain.Repeat(layers);
        old.Repeat(layers);
        plain.Save([]);
        old.Tensors = old.Tensors.ToDictionary(t => Old(t.Key), t => t.Key.Contains("W_pos") ? t.Value.transpose(0, 1).contiguous() : t.Key.Contains("W_") && layers <= 6 ? t.Value.transpose(-2, -1).contiguous() : t.Value);
        old.Save([]);
        using var model = HookedTransformer.FromPretrained(plain.Path, Processing.None);
        using var first = HookedTransformer.FromPretrained(old.Path, Processing.None);
        Assert.Equal("neel-solu-old", first.Config.Architecture);
        Assert.True(model.Forward(torch.tensor(Ids)).Equals(first.Forward(torch.tensor(Ids))));

        static string Old(string name) => name.Replace("ln_final", "norm", StringComparison.Ordinal).Replace("ln1", "norm1", StringComparison.Ordinal).Replace("ln2", "norm2", StringComparison.Ordinal).Replace("mlp.ln", "mlp.norm", StringComparison.Ordinal);
    }

    [Fact]
    public void The_config_of_a_training_run_is_read_too()
    {
        using var scope = torch.NewDisposeScope();
        using TemporaryToy plain = new("solu-ln-2l"), run = new("solu-ln-2l");
        plain.Save([]);
        run.Tensors.Remove("unembed.b_U", out var bias);
        plain.Tensors["unembed.b_U"] = bias!.zero_();
        plain.Save([]);
        run.Config = JsonNode.Parse("""
            {"d_model": 48, "n_layers": 2, "n_heads": 4, "d_head": 12, "d_mlp": 80, "n_ctx": 64, "d_vocab": 113, "act_fn": "solu_ln", "normalization": "LN", "attn_only": false, "shortformer_pos": false,
             "ln_eps": 1e-5, "lr_hidden": 0.002, "batch_size_per_device": 32, "betas": [0.9, 0.99], "neuron_scale": 1.0, "neuron_temp": 1.0, "seed": 3, "use_bfloat16_matmul": true, "dataset_name": "c4_code"}
            """)!.AsObject();
        run.Save([]);
        using var model = HookedTransformer.FromPretrained(plain.Path, Processing.None);
        using var trained = HookedTransformer.FromPretrained(run.Path, Processing.None);
        Assert.True(model.Forward(torch.tensor(Ids)).Equals(trained.Forward(torch.tensor(Ids))));
    }

    [Theory]
    [InlineData("attn_onyl", "true", "attn_onyl", "Did you mean 'attn_only'")]
    [InlineData("gated_mlp", "true", "gated_mlp", "only false is implemented")]
    [InlineData("positional_embedding_type", "\"alibi\"", "positional_embedding_type", "only \"standard\" and \"rotary\" are implemented")]
    [InlineData("act_fn", "\"SoLU\"", "act_fn", "no activation Fathom knows")]
    [InlineData("normalization_type", "\"BN\"", "normalization_type", "LN, LNPre, RMS, RMSPre and null are known")]
    [InlineData("neuron_temp", "2.0", "neuron_temp", "only 1.0 and 1 are implemented")]
    [InlineData("architecture", "\"nel\"", "architecture", "Did you mean 'neel'")]
    [InlineData("n_key_value_heads", "3", "n_key_value_heads", "must be a multiple of n_key_value_heads 3")]
    [InlineData("n_layers", "1000000000", "n_layers", "it must be from 1 to 1000")]
    [InlineData("d_vocab", "-1", "d_vocab", "it must be from 1 to")]
    public void Refuses_a_key_that_is_unknown_or_asks_for_something_else(string key, string value, string named, string said)
    {
        using TemporaryToy toy = new("solu-ln-2l");
        toy.Config[key] = JsonNode.Parse(value);
        toy.Save([]);
        var error = Assert.Throws<ConfigException>(() => HookedTransformer.FromPretrained(toy.Path));
        Assert.Contains(named, error.Keys);
        Assert.Contains(said, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Refuses_tensors_that_are_no_buffers_and_weights_that_are_missing()
    {
        using TemporaryToy toy = new("solu-ln-2l");
        toy.Save([("blocks.0.attn.W_QKV", torch.ones(2))]);
        var unknown = Assert.Throws<CheckpointMismatchException>(() => HookedTransformer.FromPretrained(toy.Path));
        Assert.Contains("'blocks.0.attn.W_QKV'", unknown.Message, StringComparison.Ordinal);
        toy.Tensors.Remove("blocks.1.mlp.ln.w", out _);
        toy.Save([]);
        var missing = Assert.Throws<CheckpointMismatchException>(() => HookedTransformer.FromPretrained(toy.Path));
        Assert.Contains("blocks.1.mlp.ln.w", missing.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_state_dict_without_its_config_says_how_to_write_it()
    {
        using TemporaryToy toy = new("solu-ln-2l");
        toy.Save([]);
        File.Delete(Path.Combine(toy.Path, "config.json"));
        var error = Assert.Throws<ModelNotFoundException>(() => HookedTransformer.FromPretrained(toy.Path));
        Assert.Contains("model.cfg.to_dict()", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("rotary")]
    [InlineData("local")]
    public void The_other_switches_of_the_library_are_read_as_what_they_stand_for(string kind)
    {
        using var scope = torch.NewDisposeScope();
        using TemporaryToy toy = new("solu-ln-2l");
        toy.Config["use_local_attn"] = kind == "local";
        toy.Config["attn_types"] = new JsonArray("global", "local");
        toy.Config["window_size"] = 3;
        toy.Config["positional_embedding_type"] = kind == "rotary" ? "rotary" : "standard";
        toy.Config["rotary_dim"] = 4;
        toy.Config["scale_attn_by_inverse_layer_idx"] = true;
        toy.Config["attn_scores_soft_cap"] = 20.0;
        if (kind == "rotary")
        {
            toy.Tensors.Remove("pos_embed.W_pos");
        }

        toy.Save([("blocks.0.attn.rotary_sin", torch.ones(3)), ("blocks.0.attn.rotary_cos", torch.ones(3))]);
        using var model = HookedTransformer.FromPretrained(toy.Path, Processing.None);
        var attention = model.Blocks.Select(b => b.Attn!.Config).ToList();
        Assert.Equal(kind == "local" ? [null, 3] : new int?[] { null, null }, attention.Select(a => a.Window));
        Assert.Equal(kind == "rotary" ? 4 : null, attention[0].Rotary?.Dim);
        Assert.All(attention.Index(), a => Assert.Equal(1 / Math.Sqrt(12) / (a.Index + 1), a.Item.Scale, 1e-12));
        Assert.All(attention, a => Assert.Equal(20, a.SoftCap));
        Assert.Equal([2, 5, 113], model.Forward(torch.tensor(Ids)).shape);
    }

    [Fact]
    public void Does_not_guess_which_way_a_square_of_positions_lies()
    {
        using TemporaryToy toy = new("solu-ln-2l");
        toy.Config = JsonNode.Parse("""{"d_model": 48, "n_layers": 8, "n_heads": 4, "n_ctx": 48, "d_vocab": 113, "act_fn": "solu_ln", "normalization": "LNPre", "attn_only": false}""")!.AsObject();
        toy.Save([]);
        var error = Assert.Throws<ConfigException>(() => HookedTransformer.FromPretrained(toy.Path));
        Assert.Contains("\"architecture\": \"neel-solu-old\"", error.Message, StringComparison.Ordinal);
    }
}
