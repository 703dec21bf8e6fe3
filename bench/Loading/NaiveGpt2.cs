using System.Runtime.InteropServices;
using System.Text.Json;
using Fathom.Tokenization;
using TorchSharp.Modules;
using F = TorchSharp.torch.nn.functional;

namespace Fathom.Bench.Loading;

/// <summary>
/// Loading as it is usually written: the whole file into memory, every tensor into a dictionary in fp32, from there into the modules in the layout that
/// they multiply, then one forward pass.
/// </summary>
internal static class NaiveGpt2
{
    public static Tensor FirstLogits(string folder, string text)
    {
        var weights = Dictionary(Path.Combine(folder, "model.safetensors"));
        Dictionary<string, Tensor> modules = [];
        foreach (var (name, tensor) in weights)
        {
            // A parameter of its own, as load_state_dict copies it.
            modules[name["transformer.".Length..]] = tensor.clone();
        }

        var ids = Tokenizer.FromFolder(folder).Encode(text).Ids;
        return Forward(modules, [.. ids.Select(i => (long)i)]);
    }

    private static Dictionary<string, Tensor> Dictionary(string path)
    {
        var bytes = File.ReadAllBytes(path);
        var length = (int)BitConverter.ToInt64(bytes);
        using var header = JsonDocument.Parse(bytes.AsMemory(8, length));
        Dictionary<string, Tensor> weights = [];
        foreach (var entry in header.RootElement.EnumerateObject().Where(e => e.Name != "__metadata__"))
        {
            var (begin, end) = (entry.Value.GetProperty("data_offsets")[0].GetInt32(), entry.Value.GetProperty("data_offsets")[1].GetInt32());
            long[] shape = [.. entry.Value.GetProperty("shape").EnumerateArray().Select(s => s.GetInt64())];
            var raw = bytes.AsSpan(8 + length + begin, end - begin);
            weights[entry.Name] = entry.Value.GetProperty("dtype").GetString() == "F32"
                ? torch.tensor(MemoryMarshal.Cast<byte, float>(raw).ToArray(), shape)
                : torch.tensor(Widened(MemoryMarshal.Cast<byte, ushort>(raw)), shape);
        }

        return weights;
    }

    private static float[] Widened(ReadOnlySpan<ushort> stored)
    {
        var values = new float[stored.Length];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = BitConverter.UInt32BitsToSingle((uint)stored[i] << 16);
        }

        return values;
    }

    private static Tensor Forward(Dictionary<string, Tensor> w, long[] ids)
    {
        const int Width = 768, Layers = 12, Heads = 12;
        var length = ids.Length;
        Tensor Linear(Tensor x, string name) => torch.addmm(w[$"{name}.bias"], x, w[$"{name}.weight"], 1f, 1f);
        Tensor Norm(Tensor x, string name) => F.layer_norm(x, [Width], w[$"{name}.weight"], w[$"{name}.bias"], 1e-5);
        var mask = torch.ones([length, length], torch.@bool).triu(1);
        var x = w["wte.weight"].index_select(0, torch.tensor(ids)) + w["wpe.weight"].narrow(0, 0, length);
        for (var i = 0; i < Layers; i++)
        {
            var qkv = Linear(Norm(x, $"h.{i}.ln_1"), $"h.{i}.attn.c_attn").view(length, 3, Heads, -1).permute(1, 2, 0, 3);
            var scores = qkv[0].bmm(qkv[1].transpose(1, 2)).mul(0.125f).masked_fill(mask, float.NegativeInfinity);
            x += Linear(scores.softmax(-1).bmm(qkv[2]).transpose(0, 1).reshape(length, -1), $"h.{i}.attn.c_proj");
            x += Linear(F.gelu(Linear(Norm(x, $"h.{i}.ln_2"), $"h.{i}.mlp.c_fc"), GELU.Approximate.tanh), $"h.{i}.mlp.c_proj");
        }

        return Norm(x, "ln_f")[-1].matmul(w["wte.weight"].t());
    }
}
