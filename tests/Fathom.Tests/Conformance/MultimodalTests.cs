using System.Text.Json.Nodes;
using Fathom.Architectures;
using Fathom.Loading;
using Fathom.Loading.Checkpoints;
using Fathom.Models;
using Fathom.Tests.Fixtures;

namespace Fathom.Tests.Conformance;

/// <summary>Checkpoints of models that also see images, made out of the text models' fixtures.</summary>
public sealed class MultimodalTests
{
    private static readonly long[,] Ids = { { 5, 1, 9, 100, 7, 3, 60, 2 } };

    [Theory]
    [InlineData("language_model.model.", "vision_tower.", "multi_modal_projector.")]
    [InlineData("model.language_model.", "model.vision_tower.", "model.multi_modal_projector.")]
    public void The_text_model_of_a_Gemma_3_with_images_gives_the_same_bits(string text, string tower, string projector)
    {
        using var scope = torch.NewDisposeScope();
        using var plain = HookedTransformer.FromPretrained(Family.Folder("gemma3"), Processing.None);
        var folder = Wrapped("gemma3", config => new JsonObject
        {
            ["architectures"] = new JsonArray("Gemma3ForConditionalGeneration"), ["model_type"] = "gemma3", ["text_config"] = config, ["vision_config"] = new JsonObject { ["hidden_size"] = 8 },
            ["boi_token_index"] = 110, ["eoi_token_index"] = 111, ["image_token_index"] = 112, ["mm_tokens_per_image"] = 4, ["eos_token_id"] = new JsonArray(1, 106), ["torch_dtype"] = "bfloat16",
        }, name => name.StartsWith("model.", StringComparison.Ordinal) ? text + name["model.".Length..] : name, ($"{tower}vision_model.embeddings.patch_embedding.weight", torch.ones(8, 3)), ($"{projector}mm_input_projection_weight", torch.ones(8, 48)));
        var (model, report) = HookedTransformer.LoadPretrained(folder, Processing.None);
        using var owned = model;
        Assert.True(plain.Forward(torch.tensor(Ids)).Equals(model.Forward(torch.tensor(Ids))));
        Assert.Contains(report.Notes, n => n.StartsWith("2 stale tensors left out", StringComparison.Ordinal));
        Assert.Contains(106, model.SpecialTokens.Eos);
    }

    [Fact]
    public void What_the_published_configs_leave_out_is_what_the_class_assumes()
    {
        // google/gemma-3-4b-pt, as published.
        var config = Read("""{"hidden_size": 2560, "intermediate_size": 10240, "model_type": "gemma3_text", "num_hidden_layers": 34, "rope_scaling": {"factor": 8.0, "rope_type": "linear"}, "sliding_window": 1024}""");
        Assert.Equal((34, 2560, 8, 4, 256, 10240, 262208, 131072), (config.NLayers, config.DModel, config.NHeads, config.NKeyValueHeads, config.DHead, config.DMlp, config.DVocab, config.NCtx));
        var attention = config.Blocks.Select(b => (Configuration.AttentionConfig)b.Mixer).ToList();
        Assert.Equal([1024, 1024, 1024, 1024, 1024, null], attention.Take(6).Select(a => a.Window));
        Assert.Equal((1e4, 1e6), (attention[0].Rotary!.Theta, attention[5].Rotary!.Theta));
        Assert.Equal(8, Assert.IsType<Configuration.LinearScaling>(attention[5].Rotary!.Scaling).Factor);
        Assert.Null(attention[0].Rotary!.Scaling);
        Assert.Equal(1.0 / 16, attention[0].Scale);
    }

    [Fact]
    public void A_key_of_the_section_that_nobody_reads_is_refused()
    {
        var error = Assert.Throws<ConfigException>(() => Read("""{"num_hidden_layer": 34}"""));
        Assert.Contains("text_config.num_hidden_layer", error.Keys);
    }

    private static Configuration.ModelConfig Read(string text)
    {
        var json = ConfigFile.Parse(System.Text.Encoding.UTF8.GetBytes($$"""{"architectures": ["Gemma3ForConditionalGeneration"], "model_type": "gemma3", "text_config": {{text}}}"""), "config.json");
        return Catalogue.Of(json, "config.json").ReadConfig(json, "config.json");
    }

    private static string Wrapped(string fixture, Func<JsonObject, JsonObject> outer, Func<string, string> rename, params (string Name, Tensor Tensor)[] more)
    {
        var folder = Fixture.EmptyFolder();
        var config = JsonNode.Parse(File.ReadAllText(Path.Combine(Family.Folder(fixture), "config.json")))!.AsObject();
        File.WriteAllText(Path.Combine(folder, "config.json"), outer(config).ToJsonString());
        using var source = Checkpoint.Open(Path.Combine(Family.Folder(fixture), "model.safetensors"));
        var tensors = source.Tensors.Keys.ToDictionary(rename, source.Read);
        foreach (var (name, tensor) in more)
        {
            tensors.Add(name, tensor);
        }

        SafetensorsWriter.Write(Path.Combine(folder, "model.safetensors"), tensors);
        return folder;
    }
}
