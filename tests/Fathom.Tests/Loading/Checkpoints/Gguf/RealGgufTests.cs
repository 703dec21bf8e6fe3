using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using Fathom.Architectures;
using Fathom.Loading;
using Fathom.Loading.Checkpoints;
using Fathom.Loading.Checkpoints.Gguf;

namespace Fathom.Tests.Loading.Checkpoints.Gguf;

public sealed class RealGgufTests
{
    /// <summary>A folder with model.gguf and golden/gguf.json (SmolLM2-135M, 98 MB), which is too large to be a fixture.</summary>
    private static readonly string? Folder = Environment.GetEnvironmentVariable("FATHOM_SMOLLM2");

    [Fact]
    public void Every_dequantised_tensor_of_a_real_model_has_the_golden_hash()
    {
        Assert.SkipWhen(Folder is null, "set FATHOM_SMOLLM2 to a folder with SmolLM2-135M's model.gguf and golden/gguf.json to check the real file");
        using var golden = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Folder, "golden/gguf.json")));
        using var file = Assert.IsType<GgufCheckpoint>(Checkpoint.Open(Path.Combine(Folder, "model.gguf")));
        var expected = golden.RootElement.GetProperty("tensors").EnumerateObject().ToList();
        Assert.Equal(expected.Count, file.Tensors.Count);
        foreach (var tensor in expected)
        {
            var stored = file.Tensors[tensor.Name];
            var bytes = Dump.Values(file, stored);
            Assert.Equal(tensor.Value.GetProperty("type").GetString(), stored.Type.Label);
            Assert.Equal(tensor.Value.GetProperty("sha256").GetString(), Dump.Hash(bytes));
            Assert.Equal(tensor.Value.GetProperty("sum").GetDouble(), MemoryMarshal.Cast<byte, float>(bytes).ToArray().Sum(v => (double)v), 1e-6);
        }

        foreach (var pair in golden.RootElement.GetProperty("metadata").EnumerateObject().Where(p => p.Value.TryGetProperty("sha256_of_lines", out _)))
        {
            var lines = string.Join('\n', ((Array)file.Gguf.Raw(pair.Name)!).Cast<object>());
            Assert.Equal(pair.Value.GetProperty("sha256_of_lines").GetString(), Dump.Hash(System.Text.Encoding.UTF8.GetBytes(lines)));
        }
    }

    [Fact]
    public void A_real_model_translates_to_llama_names_and_config()
    {
        Assert.SkipWhen(Folder is null, "set FATHOM_SMOLLM2 to a folder with SmolLM2-135M's model.gguf and golden/gguf.json to check the real file");
        using var file = Assert.IsType<GgufCheckpoint>(Checkpoint.Open(Path.Combine(Folder, "model.gguf")));
        var vocabulary = GgufVocabulary.Read(file)!;
        Assert.Equal((49_152, 48_900, "smollm"), (vocabulary.Tokens.Count, vocabulary.Merges!.Count, vocabulary.PreTokenizer));
        Assert.False(vocabulary.Switches["add_bos_token"]);
        var translation = GgufNames.Translate(file);
        Assert.Equal("""{"architectures":["LlamaForCausalLM"],"model_type":"llama","attention_bias":false,"mlp_bias":false,"hidden_act":"silu","hidden_size":576,"intermediate_size":1536,"num_hidden_layers":30,"num_attention_heads":9,"num_key_value_heads":3,"max_position_embeddings":8192,"rms_norm_eps":1E-05,"rope_parameters":{"rope_theta":100000,"rope_type":"default"},"tie_word_embeddings":true,"vocab_size":49152,"bos_token_id":1,"eos_token_id":2,"pad_token_id":2}""", translation.Config.ToJsonString());
        Assert.Equal([192L, 576], translation.Checkpoint.Tensors["model.layers.29.self_attn.k_proj.weight"].Shape);
        Assert.Empty(translation.Notices);
    }

    [Fact]
    public void A_real_model_gives_the_golden_logits()
    {
        Assert.SkipWhen(Folder is null, "set FATHOM_SMOLLM2 to a folder with SmolLM2-135M's model.gguf and golden/gguf.json to check the real file");
        Fathom.Native.NativeLibraries.EnsureLoaded();
        using var resident = torch.ones(1);
        long before = Memory("VmRSS");
        var clock = Stopwatch.StartNew();
        var translation = GgufNames.Translate(Assert.IsType<GgufCheckpoint>(Checkpoint.Open(Path.Combine(Folder, "model.gguf"))));
        using var checkpoint = translation.Checkpoint;
        var config = ConfigFile.Parse(Encoding.UTF8.GetBytes(translation.Config.ToJsonString()), "model.gguf");
        var architecture = Catalogue.Of(config, "model.gguf");
        var (model, _) = ModelLoader.Load(architecture, architecture.ReadConfig(config, "model.gguf"), checkpoint, LoadOptions.Default with { Processing = Processing.None });
        var (loaded, peak) = (clock.Elapsed.TotalSeconds, Memory("VmHWM") - before);
        using var golden = Checkpoint.Open(Path.Combine(Folder, "golden/prompts.safetensors"));
        using var scope = torch.NewDisposeScope();
        using var noGrad = torch.no_grad();
        foreach (var name in golden.Tensors.Keys.Where(n => n.StartsWith("tokens.", StringComparison.Ordinal)))
        {
            var logits = model.Forward(golden.Read(name).unsqueeze(0))[0, -1];
            var difference = (logits - golden.Read("logits_last" + name["tokens".Length..])).abs().max().item<float>();
            Assert.True(difference <= 1e-3f, $"{name}: the logits differ by {difference}");
        }

        var weights = checkpoint.Tensors.Values.Sum(t => t.Count) * 4L;
        TestContext.Current.TestOutputHelper?.WriteLine($"loaded in {loaded:F2} s, peak {peak / 1e6:F0} MB over {weights / 1e6:F0} MB of fp32 weights");
        model.Dispose();
    }

    private static long Memory(string key) => 1024 * long.Parse(File.ReadLines("/proc/self/status").First(l => l.StartsWith(key, StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);
}
