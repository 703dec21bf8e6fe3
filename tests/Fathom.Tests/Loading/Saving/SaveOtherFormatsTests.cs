using System.Text.Json;
using System.Text.Json.Nodes;
using Fathom.Architectures;
using Fathom.Loading;
using Fathom.Loading.Checkpoints;
using Fathom.Loading.Checkpoints.Bytes;
using Fathom.Loading.Checkpoints.Gguf;
using Fathom.Models;
using Fathom.Tests.Fixtures;
using Fathom.Tests.Loading.Checkpoints;
using Fathom.Tokenization;

namespace Fathom.Tests.Loading.Saving;

/// <summary>What was packed or merged is saved as plain tensors.</summary>
public sealed class SaveOtherFormatsTests
{
    private static readonly FixturePack Pack = FixturePack.Open("gguf-arch");

    public static TheoryData<string> GgufModels => [.. Pack.Files.Keys.Where(f => f.EndsWith(".gguf", StringComparison.Ordinal)).Select(f => Path.GetFileNameWithoutExtension(f))];

    [Theory]
    [MemberData(nameof(GgufModels))]
    public void A_gguf_file_becomes_a_plain_folder(string name)
    {
        using var scope = torch.NewDisposeScope();
        var folder = NewName();
        using var model = Load(name);
        model.SavePretrained(folder);
        using var again = HookedTransformer.FromPretrained(folder, Processing.None);
        var ids = torch.tensor([1L, 2, 3, 4, 5]).unsqueeze(0);
        Assert.Equal(0, Golden.Distance(model.Forward(ids), again.Forward(ids)));
        using var config = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder, "config.json")));
        Assert.Equal("float32", config.RootElement.GetProperty("torch_dtype").GetString());
    }

    /// <summary>Older readers pass over 'rope_parameters' and turn by a base of 10,000.</summary>
    [Theory]
    [InlineData("llama-gqa", 500000, false)]
    [InlineData("llama3-rope", 500000, true)]
    [InlineData("qwen3", 1000000, false)]
    public void The_rotary_base_of_a_gguf_file_stands_where_every_reader_looks(string name, double theta, bool isScaled)
    {
        var folder = NewName();
        using var model = Load(name);
        var report = model.SavePretrained(folder);
        using var config = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder, "config.json")));
        Assert.Equal((theta, isScaled, false), (config.RootElement.GetProperty("rope_theta").GetDouble(), config.RootElement.TryGetProperty("rope_scaling", out _), config.RootElement.TryGetProperty("rope_parameters", out _)));
        Assert.DoesNotContain(report.Notes, n => n.Contains("rope_parameters", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("byte level")]
    [InlineData("word pieces")]
    public void A_tokenizer_from_elsewhere_is_written(string kind)
    {
        var folder = NewName();
        using var model = HookedTransformer.FromPretrained(Fixture.Folder("families/gpt2"), Processing.None);
        model.Tokenizer = kind == "byte level" ? HookedTransformerTokenizer() : Tokenizer.FromFolder(TinyWordPiece.Beside("families/gpt2"));
        var report = model.SavePretrained(folder);
        Assert.Contains(report.Notes, n => n.Contains("tokenizer.json was written", StringComparison.Ordinal));
        var read = Tokenizer.FromFolder(folder);
        const string Text = "The sun is bright today, the dog has a ball.";
        Assert.Equal(model.Tokenizer.Encode(Text).Ids, read.Encode(Text).Ids);
        Assert.Equal(model.Tokenizer.SpecialTokens.OrderBy(t => t.Key), read.SpecialTokens.OrderBy(t => t.Key));
        Assert.Equal(model.Tokenizer.EosToken, read.EosToken);

        static Tokenizer HookedTransformerTokenizer() => Tokenizer.FromFolder(Path.Combine(AppContext.BaseDirectory, "models", "names-4l"));
    }

    [Theory]
    [InlineData("language_model.model.", "vision_tower.")]
    [InlineData("model.language_model.", "model.vision_tower.")]
    public void The_text_model_of_one_that_sees_images_is_saved_as_a_text_model(string text, string tower)
    {
        using var scope = torch.NewDisposeScope();
        var (source, folder) = (Fixture.EmptyFolder(), NewName());
        var config = JsonNode.Parse(File.ReadAllText(Path.Combine(Fixture.Folder("families/gemma3"), "config.json")))!;
        File.WriteAllText(Path.Combine(source, "config.json"), new JsonObject { ["architectures"] = new JsonArray("Gemma3ForConditionalGeneration"), ["model_type"] = "gemma3", ["text_config"] = config, ["vision_config"] = new JsonObject { ["hidden_size"] = 8 }, ["eos_token_id"] = new JsonArray(1, 106) }.ToJsonString());
        using var plain = Checkpoint.Open(Path.Combine(Fixture.Folder("families/gemma3"), "model.safetensors"));
        var tensors = plain.Tensors.Keys.ToDictionary(n => text + n["model.".Length..], plain.Read);
        tensors[$"{tower}embeddings.weight"] = torch.ones(8, 3);
        SafetensorsWriter.Write(Path.Combine(source, "model.safetensors"), tensors);
        using var model = HookedTransformer.FromPretrained(source, Processing.None);
        var report = model.SavePretrained(folder);
        Assert.Contains(report.Notes, n => n.StartsWith("Written as Gemma3ForCausalLM", StringComparison.Ordinal));
        Assert.Contains(report.Notes, n => n.StartsWith("1 tensor of the model's own file", StringComparison.Ordinal) && n.Contains(tower, StringComparison.Ordinal));
        Assert.DoesNotContain("vision", File.ReadAllText(Path.Combine(folder, "config.json")), StringComparison.Ordinal);
        using var saved = Checkpoint.Open(folder);
        Assert.Equal(plain.Tensors.Keys.Order(), saved.Tensors.Keys.Order());
        using var again = HookedTransformer.FromPretrained(folder, Processing.None);
        Assert.All(model.Weights.Where(w => w.IsBound), w => Assert.True(w.Value.Equals(again.Weight(w.Name).Value), w.Name));
    }

    [Fact]
    public void A_merged_adapter_becomes_part_of_the_weights()
    {
        using var scope = torch.NewDisposeScope();
        var (adapter, folder) = (Fixture.EmptyFolder(), NewName());
        File.WriteAllText(Path.Combine(adapter, "adapter_config.json"), """{"peft_type": "LORA", "r": 2, "lora_alpha": 4, "target_modules": ["q_proj"]}""");
        using (var stored = Checkpoint.Open(Path.Combine(Fixture.Folder("families/llama"), "model.safetensors")))
        {
            var shape = stored.Tensors["model.layers.0.self_attn.q_proj.weight"].Shape;
            SafetensorsWriter.Write(Path.Combine(adapter, "adapter_model.safetensors"), new Dictionary<string, Tensor>
            {
                ["base_model.model.model.layers.0.self_attn.q_proj.lora_A.weight"] = torch.ones(2, shape[1]),
                ["base_model.model.model.layers.0.self_attn.q_proj.lora_B.weight"] = torch.ones(shape[0], 2),
            });
        }

        using var plain = HookedTransformer.FromPretrained(Fixture.Folder("families/llama"), Processing.None);
        using var merged = HookedTransformer.FromPretrained(Fixture.Folder("families/llama"), Processing.None, new() { Adapter = adapter });
        merged.SavePretrained(folder);
        using var again = HookedTransformer.FromPretrained(folder, Processing.None);
        Assert.Equal(0, Golden.Distance(merged.Blocks[0].Attn!.WQ.Value, again.Blocks[0].Attn!.WQ.Value));
        Assert.True(Golden.Distance(plain.Blocks[0].Attn!.WQ.Value, again.Blocks[0].Attn!.WQ.Value) > 1);
    }

    [Fact]
    public void The_settings_of_a_packing_are_gone_from_the_config()
    {
        var (source, folder) = (Fixture.Copy("families/gpt-oss-mxfp4"), NewName());
        File.Move(Path.Combine(source, "config.hub.json"), Path.Combine(source, "config.json"), overwrite: true);
        File.Move(Path.Combine(source, "model.hub.safetensors"), Path.Combine(source, "model.safetensors"), overwrite: true);
        using var model = HookedTransformer.FromPretrained(source, Processing.None);
        model.SavePretrained(folder, new() { AsStored = true });
        using var config = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder, "config.json")));
        Assert.False(config.RootElement.TryGetProperty("quantization_config", out _));
        using var saved = Checkpoint.Open(folder);
        Assert.Equal((StoredType.BF16, StoredType.F32), (saved.Tensors["model.layers.0.mlp.experts.down_proj"].Type, saved.Tensors["model.embed_tokens.weight"].Type));
        using var again = HookedTransformer.FromPretrained(folder, Processing.None);
        Assert.All(model.Weights.Where(w => w.IsBound), w => Assert.True(w.Value.Equals(again.Weight(w.Name).Value), w.Name));
    }

    [Fact]
    public void Bare_infinity_in_a_config_stays_a_number_of_Python()
    {
        var (source, folder) = (Fixture.Copy("families/mamba2"), NewName());
        File.Move(Path.Combine(source, "config.hub.json"), Path.Combine(source, "config.json"), overwrite: true);
        using var model = HookedTransformer.FromPretrained(source, Processing.None);
        model.SavePretrained(folder);
        var text = File.ReadAllText(Path.Combine(folder, "config.json"));
        Assert.Matches(@"[\[,]\s*Infinity\s*\]", text);
        Assert.DoesNotContain("\"Infinity\"", text, StringComparison.Ordinal);
        Assert.Equal(ConfigFile.Read(Path.Combine(source, "config.json")).EnumerateObject().Select(p => p.Name).Except(["torch_dtype", "dtype"]), ConfigFile.Read(Path.Combine(folder, "config.json")).EnumerateObject().Select(p => p.Name).Except(["torch_dtype", "dtype"]));
    }

    [Fact]
    public void Types_that_contradict_each_other_are_refused()
    {
        using var model = HookedTransformer.FromPretrained(Fixture.Folder("families/gpt2"), Processing.None);
        Assert.Contains("both choose the type", Assert.Throws<ArgumentException>(() => model.SavePretrained(NewName(), new() { AsStored = true, DType = torch.ScalarType.Float16 })).Message, StringComparison.Ordinal);
        Assert.Contains("SaveOptions.DType is Int64", Assert.Throws<ArgumentException>(() => model.SavePretrained(NewName(), new() { DType = torch.ScalarType.Int64 })).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Bits_that_loading_has_rounded_away_are_not_made_up()
    {
        var folder = NewName();
        using var model = PretrainedModel.Load(Fixture.Folder("families/llama"), new() { Processing = Processing.None, DType = torch.ScalarType.BFloat16 }).Model;
        var report = model.SavePretrained(folder, new() { AsStored = true });
        using var saved = Checkpoint.Open(folder);
        Assert.All(saved.Tensors.Values, t => Assert.Equal(StoredType.BF16, t.Type));
        Assert.Contains(report.Notes, n => n.Contains("have fewer bits than in the model's own file", StringComparison.Ordinal));
    }

    /// <summary>Loads the file without its tokenizer, which in these fixtures is a dummy.</summary>
    private static HookedTransformer Load(string name)
    {
        var translation = GgufNames.Translate(GgufCheckpoint.Open([new MemorySource(name, Pack.Files[$"arch/{name}.gguf"])]));
        var config = ConfigFile.Parse(System.Text.Encoding.UTF8.GetBytes(translation.Config.ToJsonString()), name);
        using OpenedModel opened = new(config, name, translation.Checkpoint, [], null, null);
        Assert.SkipWhen(Catalogue.Find(Catalogue.Named(config)!) is null, $"this version does not compute {Catalogue.Named(config)}");
        var architecture = Catalogue.Of(config, name);
        var (model, _) = ModelLoader.Load(architecture, architecture.ReadConfig(config, name), opened.Checkpoint, new() { Processing = Processing.None });
        model.Origin = opened.Origin();
        return model;
    }

    private static string NewName() => Path.Combine(Fixture.EmptyFolder(), "saved");
}
