using Fathom.Loading.Checkpoints;

namespace Fathom.Bench.Loading;

/// <summary>A checkpoint of GPT-2 small's shape with random weights, as Hugging Face tools write it, with the embedded model's tokenizer.</summary>
internal static class Gpt2Folder
{
    public const int Width = 768, Layers = 12;

    private const int Vocabulary = 50257, Positions = 1024;

    /// <summary>Writes the folder.</summary>
    /// <param name="folder">An existing folder.</param>
    /// <param name="type">The type of the stored numbers.</param>
    public static void Write(string folder, torch.ScalarType type)
    {
        File.WriteAllText(Path.Combine(folder, "config.json"), $$"""{"model_type": "gpt2", "architectures": ["GPT2LMHeadModel"], "vocab_size": {{Vocabulary}}, "n_positions": {{Positions}}, "n_embd": {{Width}}, "n_layer": {{Layers}}, "n_head": 12}""");
        foreach (var file in Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "models", "names-4l"), "tokenizer*.json"))
        {
            File.Copy(file, Path.Combine(folder, Path.GetFileName(file)));
        }

        using var scope = torch.NewDisposeScope();
        using torch.Generator generator = new(1);
        Dictionary<string, Tensor> tensors = [];
        void Add(string name, params long[] shape) => tensors[$"transformer.{name}"] = torch.randn(shape, generator: generator).mul_(0.02f).add_(name.Contains("ln_", StringComparison.Ordinal) && name.EndsWith("weight", StringComparison.Ordinal) ? 1 : 0).to(type);
        void Linear(string name, long inputs, long outputs)
        {
            Add($"{name}.weight", inputs, outputs);
            Add($"{name}.bias", outputs);
        }

        Add("wte.weight", Vocabulary, Width);
        Add("wpe.weight", Positions, Width);
        Norm("ln_f");
        for (var i = 0; i < Layers; i++)
        {
            Norm($"h.{i}.ln_1");
            Linear($"h.{i}.attn.c_attn", Width, 3 * Width);
            Linear($"h.{i}.attn.c_proj", Width, Width);
            Norm($"h.{i}.ln_2");
            Linear($"h.{i}.mlp.c_fc", Width, 4 * Width);
            Linear($"h.{i}.mlp.c_proj", 4 * Width, Width);
        }

        SafetensorsWriter.Write(Path.Combine(folder, "model.safetensors"), tensors);

        void Norm(string name)
        {
            Add($"{name}.weight", Width);
            Add($"{name}.bias", Width);
        }
    }
}
