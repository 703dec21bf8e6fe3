using Fathom.Loading.Checkpoints;
using Fathom.Loading.Checkpoints.Adapters;
using Fathom.Loading.Checkpoints.Bytes;
using Fathom.Native;

namespace Fathom.Tests.Loading.Checkpoints.Adapters;

public sealed class LoraAdapterTests : IDisposable
{
    private const string Module = "model.layers.0.self_attn.q_proj", Prefix = "base_model.model.";

    private readonly TemporaryFolder _folder = new();

    public LoraAdapterTests() => NativeLibraries.EnsureLoaded();

    [Theory]
    [InlineData("", 2.0)]
    [InlineData(""", "use_rslora": true""", 2.8284271247461903)]
    [InlineData(""", "alpha_pattern": {"q_proj": 12}""", 6.0)]
    public void Merges_the_scaled_product_into_the_weight(string extra, double scaling)
    {
        using var merged = Open(extra).Wrap(Base());
        Assert.Equal(["model.layers.0.self_attn.q_proj.weight", "norm.weight"], merged.Tensors.Keys.Order());

        // W = 0..5 as [2, 3], A = [[1, 2, 3], [0, 1, 0]], B = [[1, 0], [0, 10]]: B A = [[1, 2, 3], [0, 10, 0]].
        float[] product = [1, 2, 3, 0, 10, 0];
        Assert.Equal(product.Select((d, i) => (float)(i + (scaling * d))), MemoryCheckpoint.Floats(merged, Module + ".weight"), (a, b) => Math.Abs(a - b) < 1e-5);
        Assert.Equal([1f, 1], MemoryCheckpoint.Floats(merged, "norm.weight"));
    }

    [Fact]
    public void Gives_the_factors_for_a_removable_change()
    {
        using var adapter = Open("");
        var module = Assert.Single(adapter.Modules.Values);
        Assert.Equal((Module + ".weight", 2, 2.0, "base/model"), (module.Weight, module.Rank, module.Scaling, adapter.Config.BaseModel));
        var (a, b) = adapter.Factors(module);
        Assert.Equal([2L, 3], a.shape);
        Assert.Equal([2L, 2], b.shape);
        a.Dispose();
        b.Dispose();
    }

    [Fact]
    public void Adds_to_transposed_matrices_where_the_model_stores_them_so()
    {
        using var merged = Open(""", "fan_in_fan_out": true""").Wrap(MemoryCheckpoint.Of((Module + ".weight", torch.zeros(3, 2))));
        Assert.Equal([2f, 0, 4, 20, 6, 0], MemoryCheckpoint.Floats(merged, Module + ".weight"));
    }

    [Fact]
    public void Keeps_the_learned_row_lengths_of_dora()
    {
        using var merged = Open(""", "use_dora": true""", ("lora_magnitude_vector", torch.tensor(new[] { 5f, 7f }))).Wrap(MemoryCheckpoint.Of((Module + ".weight", torch.tensor(new float[] { 1, -4, -2, 0, 0, 4 }).view(2, 3))));

        // Rows become [3, 0, 4] of length 5 and [0, 20, 4]: the first keeps its values, the second is scaled to length 7.
        var length = MathF.Sqrt(416);
        Assert.Equal([3f, 0, 4, 0, 7 * 20 / length, 7 * 4 / length], MemoryCheckpoint.Floats(merged, Module + ".weight"), (a, b) => Math.Abs(a - b) < 1e-5);
    }

    [Fact]
    public void Replaces_modules_that_training_saved_whole()
    {
        using var merged = Open("", ("norm.weight", torch.tensor(new[] { 8f, 9f }))).Wrap(Base());
        Assert.Equal([8f, 9], MemoryCheckpoint.Floats(merged, "norm.weight"));
    }

    [Fact]
    public void Finds_weights_of_hub_files_that_leave_out_the_first_part_of_the_name()
    {
        using var merged = Open("").Wrap(MemoryCheckpoint.Of(("layers.0.self_attn.q_proj.weight", torch.zeros(2, 3))));
        Assert.Equal([2f, 4, 6, 0, 20, 0], MemoryCheckpoint.Floats(merged, "layers.0.self_attn.q_proj.weight"));
    }

    [Fact]
    public void A_bf16_weight_stays_bf16()
    {
        using var merged = Open("").Wrap(MemoryCheckpoint.Of((Module + ".weight", torch.zeros(2, 3, dtype: torch.bfloat16))));
        using var weight = merged.Read(Module + ".weight");
        Assert.Equal(torch.bfloat16, weight.dtype);
    }

    [Fact]
    public void Refuses_a_base_model_without_the_weight_and_names_the_nearest()
    {
        using var adapter = Open("");
        var e = Assert.Throws<InvalidCheckpointException>(() => adapter.Wrap(MemoryCheckpoint.Of(("model.layers.0.self_attn.k_proj.weight", torch.zeros(2, 3)))));
        Assert.Contains("k_proj.weight'. Is this the right base model (base/model)?", e.Message, StringComparison.Ordinal);
        var shape = Assert.Throws<InvalidCheckpointException>(() => adapter.Wrap(MemoryCheckpoint.Of((Module + ".weight", torch.zeros(3, 2)))));
        Assert.Contains("by [2, 3], but the base model has", shape.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(""", "peft_type": "IA3" """, "given twice")]
    [InlineData(""", "use_banana": true""", "settings that are not honoured: use_banana=True")]
    [InlineData(""", "rank_pattern": {".*proj": 4}""", "regular expression")]
    [InlineData(""", "rank_pattern": {"q_proj": 4}""", "must be [4, in]")]
    [InlineData(""", "use_dora": true""", "lacks the lora_magnitude_vector")]
    public void Refuses_settings_it_does_not_honour(string extra, string reason)
    {
        var e = Assert.Throws<InvalidCheckpointException>(() => Open(extra));
        Assert.Contains(reason == "given twice" ? "no adapter config as PEFT writes it" : reason, e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Refuses_other_methods_and_missing_files_by_name()
    {
        File.WriteAllText(_folder.File("adapter_config.json"), """{"peft_type": "IA3", "r": 2}""");
        Assert.Contains("'IA3'", Assert.Throws<InvalidCheckpointException>(() => LoraAdapter.Open(_folder.Path)).Message, StringComparison.Ordinal);
        File.WriteAllText(_folder.File("adapter_config.json"), """{"peft_type": "LORA", "r": 2, "lora_alpha": 4}""");
        Assert.Contains("no adapter_model.safetensors", Assert.Throws<InvalidCheckpointException>(() => LoraAdapter.Open(_folder.Path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Survives_mutations_of_an_adapter_config()
    {
        byte[] seed = [.. """{"peft_type": "LORA", "base_model_name_or_path": "base/model", "r": 2, "lora_alpha": 4, "target_modules": ["q_proj"], "rank_pattern": {"q_proj": 4}, "use_rslora": true}"""u8];
        MutationRun.Run([seed], bytes => LoraConfig.Read(new MemorySource("mutant", bytes)));
    }

    public void Dispose() => _folder.Dispose();

    private static Checkpoint Base() => MemoryCheckpoint.Of((Module + ".weight", torch.arange(6, dtype: torch.float32).view(2, 3)), ("norm.weight", torch.ones(2)));

    private LoraAdapter Open(string extra, params (string Suffix, Tensor Tensor)[] more)
    {
        File.WriteAllText(_folder.File("adapter_config.json"), $$"""{"peft_type": "LORA", "base_model_name_or_path": "base/model", "r": 2, "lora_alpha": 4, "lora_dropout": 0.05, "target_modules": ["q_proj"], "megatron_config": null{{extra}}}""");
        Dictionary<string, Tensor> tensors = new()
        {
            [$"{Prefix}{Module}.lora_A.weight"] = torch.tensor(new float[] { 1, 2, 3, 0, 1, 0 }).view(2, 3),
            [$"{Prefix}{Module}.lora_B.weight"] = torch.tensor(new float[] { 1, 0, 0, 10 }).view(2, 2),
        };
        foreach (var (suffix, tensor) in more)
        {
            tensors.Add(suffix.StartsWith("lora", StringComparison.Ordinal) ? $"{Prefix}{Module}.{suffix}" : Prefix + suffix, tensor);
        }

        SafetensorsWriter.Write(_folder.File("adapter_model.safetensors"), tensors);
        return LoraAdapter.Open(_folder.Path);
    }
}
