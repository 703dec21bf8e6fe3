using Fathom.Loading.Checkpoints;

namespace Fathom.Tests.Fixtures;

/// <summary>A GPT-2 of any size with random weights, as Hugging Face tools write it; for tests and benchmarks of loading.</summary>
/// <param name="Vocabulary">The number of tokens.</param>
/// <param name="Positions">The context, in tokens.</param>
/// <param name="DModel">The width of the residual stream.</param>
/// <param name="Layers">The number of blocks.</param>
/// <param name="Heads">The number of heads of each.</param>
internal sealed record RandomGpt2(int Vocabulary, int Positions, int DModel, int Layers, int Heads)
{
    /// <summary>The numbers of the embedding, which is the unembedding too.</summary>
    public long Embedding => (long)Vocabulary * DModel;

    /// <summary>The numbers of all matrices.</summary>
    public long Matrices => Embedding + ((long)Positions * DModel) + (Layers * 12L * DModel * DModel);

    /// <summary>Writes <c>config.json</c> and <c>model.safetensors</c> into a folder, and a tokenizer's files if given.</summary>
    /// <param name="folder">An existing folder.</param>
    /// <param name="type">The type of the stored numbers.</param>
    /// <param name="tokenizer">A folder with <c>tokenizer.json</c>, of no more tokens.</param>
    public void Write(string folder, torch.ScalarType type, string? tokenizer = null)
    {
        File.WriteAllText(Path.Combine(folder, "config.json"), $$"""{"model_type": "gpt2", "architectures": ["GPT2LMHeadModel"], "vocab_size": {{Vocabulary}}, "n_positions": {{Positions}}, "n_embd": {{DModel}}, "n_layer": {{Layers}}, "n_head": {{Heads}}}""");
        foreach (var file in tokenizer is null ? [] : Directory.GetFiles(tokenizer, "tokenizer*.json"))
        {
            File.Copy(file, Path.Combine(folder, Path.GetFileName(file)));
        }

        using var scope = torch.NewDisposeScope();
        using torch.Generator generator = new(1);
        Dictionary<string, torch.Tensor> tensors = [];
        torch.Tensor Noise(params long[] shape) => torch.randn(shape, generator: generator).mul_(0.02f);
        void Add(string name, torch.Tensor values) => tensors[$"transformer.{name}"] = values.to(type);
        void Linear(string name, long inputs, long outputs)
        {
            Add($"{name}.weight", Noise(inputs, outputs));
            Add($"{name}.bias", Noise(outputs));
        }

        void Norm(string name)
        {
            Add($"{name}.weight", Noise(DModel).add_(1f));
            Add($"{name}.bias", Noise(DModel));
        }

        Add("wte.weight", Noise(Vocabulary, DModel));
        Add("wpe.weight", Noise(Positions, DModel));
        Norm("ln_f");
        for (var i = 0; i < Layers; i++)
        {
            Norm($"h.{i}.ln_1");
            Linear($"h.{i}.attn.c_attn", DModel, 3 * DModel);
            Linear($"h.{i}.attn.c_proj", DModel, DModel);
            Norm($"h.{i}.ln_2");
            Linear($"h.{i}.mlp.c_fc", DModel, 4 * DModel);
            Linear($"h.{i}.mlp.c_proj", 4 * DModel, DModel);
        }

        SafetensorsWriter.Write(Path.Combine(folder, "model.safetensors"), tensors);
    }
}
