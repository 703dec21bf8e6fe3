using System.Text.Json.Nodes;
using Fathom.Loading;
using Fathom.Models;
using Fathom.Tests.Fixtures;

namespace Fathom.Tests.Loading.Checkpoints.Gguf;

/// <summary>A folder, and the same weights as a GGUF file: written in the converter's direction by the test, read back by the library.</summary>
public sealed class GgufFolderTests
{
    [Theory]
    [InlineData("llama", "llama")]
    [InlineData("llama-gqa", "llama")]
    [InlineData("llama-6-2", "llama")]
    [InlineData("llama3-rope", "llama")]
    [InlineData("mistral", "llama", "sliding_window=null")]
    [InlineData("qwen2", "qwen2")]
    [InlineData("qwen2-tied", "qwen2")]
    [InlineData("qwen3", "qwen3")]
    [InlineData("gemma", "gemma")]
    [InlineData("gemma2", "gemma2", "query_pre_attn_scalar=16")]
    [InlineData("gemma3", "gemma3", "query_pre_attn_scalar=16")]
    [InlineData("phi3", "phi3")]
    [InlineData("phi3-6-2", "phi3")]
    [InlineData("gpt2", "gpt2")]
    [InlineData("gpt2-untied", "gpt2", "activation_function=\"gelu_new\"", "scale_attn_weights=true")]
    [InlineData("gpt-bigcode", "starcoder")]
    [InlineData("gpt-neox", "gptneox")]
    [InlineData("gpt-neox-serial", "gptneox", "hidden_act=\"gelu\"")]
    [InlineData("falcon", "falcon")]
    [InlineData("falcon-8-2", "falcon")]
    [InlineData("falcon-7b-style", "falcon")]
    [InlineData("starcoder2", "starcoder2", "sliding_window=null")]
    [InlineData("bloom", "bloom")]
    [InlineData("mpt", "mpt")]
    public void The_same_weights_give_the_same_logits(string family, string architecture, params string[] settings)
    {
        using var scope = torch.NewDisposeScope();
        var folder = Fixture.Copy($"families/{family}");
        File.Delete(Path.Combine(folder, "golden.safetensors"));
        var config = JsonNode.Parse(File.ReadAllText(Path.Combine(folder, "config.json")))!.AsObject();

        // What the format cannot say: a scale other than the head's, a window or an activation that is not the family's.
        foreach (var setting in settings)
        {
            config[setting.Split('=')[0]] = JsonNode.Parse(setting.Split('=')[1]);
        }

        File.WriteAllText(Path.Combine(folder, "config.json"), config.ToJsonString());
        var file = Path.Combine(Fixture.EmptyFolder(), "model.gguf");
        GgufConversion.Write(folder, architecture, file);
        var ids = torch.tensor(new long[,] { { 5, 1, 9, 100, 7, 3, 60, 2, 112, 4 }, { 3, 3, 60, 2, 112, 50, 51, 52, 9, 9 } });
        foreach (var processing in new[] { Processing.None, Processing.Default })
        {
            using var plain = HookedTransformer.FromPretrained(folder, processing);
            using var gguf = HookedTransformer.FromPretrained(file, processing);
            var difference = (plain.Forward(ids) - gguf.Forward(ids)).abs().max().item<float>();
            Assert.True(difference <= 1e-6, $"{family}, processing {processing}: the logits differ by {difference:G3}");
        }
    }
}
