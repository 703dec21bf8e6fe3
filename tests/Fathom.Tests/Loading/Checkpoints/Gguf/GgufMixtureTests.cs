using System.Text;
using Fathom.Architectures;
using Fathom.Loading;
using Fathom.Loading.Checkpoints;
using Fathom.Loading.Checkpoints.Bytes;
using Fathom.Loading.Checkpoints.Gguf;
using Fathom.Tests.Conformance;

namespace Fathom.Tests.Loading.Checkpoints.Gguf;

/// <summary>Mixtures of experts in GGUF, written here as the converter writes them: experts stacked, Mixtral's query and key rows in pairs.</summary>
public sealed class GgufMixtureTests
{
    /// <summary>GGUF has no dense layers among Qwen 3's sparse ones, so the middle layer of the fixture is left out.</summary>
    [Theory]
    [InlineData("mixtral", "llama", "block_sparse_moe", "w1", "w3", "w2", new[] { 0, 1 })]
    [InlineData("qwen3-moe", "qwen3moe", "mlp", "gate_proj", "up_proj", "down_proj", new[] { 0, 2 })]
    public void A_file_of_stacked_experts_gives_the_logits_of_the_original_weights(string family, string arch, string mlp, string gate, string up, string down, int[] layers)
    {
        using var scope = torch.NewDisposeScope();
        using var model = Family.Load(family);
        var config = model.Config;
        using var file = Checkpoint.Open(Path.Combine(Family.Folder(family), "model.safetensors"));
        List<(string Name, Tensor Value)> tensors = [("token_embd.weight", file.Read("model.embed_tokens.weight")), ("output_norm.weight", file.Read("model.norm.weight")), ("output.weight", file.Read("lm_head.weight"))];
        foreach (var (i, layer) in layers.Index())
        {
            Tensor Of(string name) => file.Read($"model.layers.{layer}.{name}.weight");
            Tensor Stack(string name) => torch.stack([.. Enumerable.Range(0, 4).Select(e => Of($"{mlp}.experts.{e}.{name}"))]);
            Tensor Paired(Tensor rows, int heads) => arch != "llama" ? rows : rows.view(heads, 2, config.DHead / 2, rows.shape[1]).transpose(1, 2).reshape(rows.shape);
            tensors.AddRange(new (string, Tensor)[]
            {
                ("attn_norm", Of("input_layernorm")), ("attn_q", Paired(Of("self_attn.q_proj"), config.NHeads)), ("attn_k", Paired(Of("self_attn.k_proj"), config.NKeyValueHeads)),
                ("attn_v", Of("self_attn.v_proj")), ("attn_output", Of("self_attn.o_proj")), ("ffn_norm", Of("post_attention_layernorm")),
                ("ffn_gate_inp", Of($"{mlp}.gate")), ("ffn_gate_exps", Stack(gate)), ("ffn_up_exps", Stack(up)), ("ffn_down_exps", Stack(down)),
            }.Select(t => ($"blk.{i}.{t.Item1}.weight", t.Item2)));
            if (file.Tensors.ContainsKey($"model.layers.{layer}.self_attn.q_norm.weight"))
            {
                tensors.AddRange([($"blk.{i}.attn_q_norm.weight", Of("self_attn.q_norm")), ($"blk.{i}.attn_k_norm.weight", Of("self_attn.k_norm"))]);
            }
        }

        (string, object)[] metadata =
        [
            ("general.architecture", arch), ($"{arch}.context_length", 64u), ($"{arch}.embedding_length", (uint)config.DModel), ($"{arch}.block_count", (uint)layers.Length), ($"{arch}.feed_forward_length", 40u),
            ($"{arch}.attention.head_count", (uint)config.NHeads), ($"{arch}.attention.head_count_kv", (uint)config.NKeyValueHeads), ($"{arch}.attention.key_length", (uint)config.DHead), ($"{arch}.attention.value_length", (uint)config.DHead),
            ($"{arch}.attention.layer_norm_rms_epsilon", (float)config.FinalNorm!.Epsilon), ($"{arch}.rope.freq_base", 1000000f), ($"{arch}.rope.dimension_count", (uint)config.DHead), ($"{arch}.expert_count", 4u), ($"{arch}.expert_used_count", 2u),
        ];
        var translation = GgufNames.Translate(GgufCheckpoint.Open([new MemorySource(arch, Write(metadata, tensors))]));
        using var checkpoint = translation.Checkpoint;
        var json = ConfigFile.Parse(Encoding.UTF8.GetBytes(translation.Config.ToJsonString()), arch);
        var architecture = Catalogue.Of(json, arch);
        using var loaded = ModelLoader.Load(architecture, architecture.ReadConfig(json, arch), checkpoint, new() { Processing = Processing.None }).Model;
        var ids = Family.Ids(family);
        // A layer left out adds nothing.
        var skipped = Enumerable.Range(0, config.NLayers).Except(layers).SelectMany(l => new[] { $"blocks.{l}.hook_attn_out", $"blocks.{l}.hook_mlp_out" });
        var want = model.Forward(ids, new() { Hooks = [.. skipped.Select(n => ((Fathom.Hooks.NameFilter)n, (Fathom.Hooks.HookFunction)((x, _) => torch.zeros_like(x))))] });
        Assert.True(Recorded.Distance(want, loaded.Forward(ids)) <= 1e-5);
    }

    /// <summary>A GGUF file, version 3, of 32-bit floats.</summary>
    private static byte[] Write((string Key, object Value)[] metadata, List<(string Name, Tensor Value)> tensors)
    {
        using MemoryStream stream = new();
        using BinaryWriter writer = new(stream);
        void Text(string text)
        {
            writer.Write((ulong)Encoding.UTF8.GetByteCount(text));
            writer.Write(Encoding.UTF8.GetBytes(text));
        }

        void Align()
        {
            writer.Flush();
            writer.Write(new byte[(32 - (stream.Length % 32)) % 32]);
        }

        writer.Write("GGUF"u8);
        writer.Write(3u);
        writer.Write((ulong)tensors.Count);
        writer.Write((ulong)metadata.Length);
        foreach (var (key, value) in metadata)
        {
            Text(key);
            switch (value)
            {
                case uint number:
                    writer.Write(4u);
                    writer.Write(number);
                    break;
                case float number:
                    writer.Write(6u);
                    writer.Write(number);
                    break;
                default:
                    writer.Write(8u);
                    Text((string)value);
                    break;
            }
        }

        ulong offset = 0;
        foreach (var (name, value) in tensors)
        {
            Text(name);
            writer.Write((uint)value.dim());
            foreach (var size in value.shape.Reverse())
            {
                writer.Write((ulong)size);
            }

            writer.Write(0u);
            writer.Write(offset);
            offset += ((ulong)value.numel() * 4 + 31) / 32 * 32;
        }

        Align();
        foreach (var (_, value) in tensors)
        {
            writer.Write(value.contiguous().bytes);
            Align();
        }

        writer.Flush();
        return stream.ToArray();
    }
}
