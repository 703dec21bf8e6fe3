using Fathom.Loading.Checkpoints;
using Fathom.Loading.Checkpoints.Gguf;
using Fathom.Tokenization;
using F = TorchSharp.torch.nn.functional;

namespace Fathom.Bench.Loading;

/// <summary>A Llama in a GGUF file, loaded as it is usually written: every tensor decoded (by this library's decoder) into a dictionary, from there into the modules, then one forward pass.</summary>
internal static class NaiveLlama
{
    public static Tensor FirstLogits(string path, string text)
    {
        using var file = (GgufCheckpoint)Checkpoint.Open(path);
        var weights = file.Tensors.Keys.ToDictionary(name => name, file.Read);
        var modules = weights.ToDictionary(w => w.Key, w => w.Value.dim() == 2 && w.Key != "token_embd.weight" ? w.Value.t().contiguous() : w.Value.clone());
        var ids = Tokenizer.FromGguf(file.Gguf.Keys.ToDictionary(key => key, file.Gguf.Raw), path).Encode(text).Ids;
        return Forward(modules, file.Gguf, [.. ids.Select(i => (long)i)]);
    }

    private static Tensor Forward(Dictionary<string, Tensor> w, GgufMetadata meta, long[] ids)
    {
        var (length, heads, kv) = (ids.Length, meta.Integer("llama.attention.head_count")!.Value, meta.Integer("llama.attention.head_count_kv")!.Value);
        var (layers, epsilon) = (meta.Integer("llama.block_count")!.Value, meta.Number("llama.attention.layer_norm_rms_epsilon")!.Value);
        var x = w["token_embd.weight"].index_select(0, torch.tensor(ids));
        var half = x.shape[1] / heads / 2;
        var angles = torch.arange(length).unsqueeze(1) * torch.exp(torch.arange(half, torch.float64) * (-Math.Log(meta.Number("llama.rope.freq_base") ?? 10000) / half));
        var (cos, sin) = (angles.cos().to(torch.float32).unsqueeze(1), angles.sin().to(torch.float32).unsqueeze(1));
        var mask = torch.ones([length, length], torch.@bool).triu(1);
        Tensor Norm(Tensor y, string name) => y * torch.rsqrt(y.pow(2).mean([-1], keepdim: true) + epsilon) * w[$"{name}.weight"];
        // The file keeps the rows of queries and keys so that neighbouring numbers turn together.
        Tensor Turned(Tensor y)
        {
            var pairs = y.view(length, -1, half, 2);
            var (even, odd) = (pairs.select(3, 0), pairs.select(3, 1));
            return torch.stack([(even * cos) - (odd * sin), (even * sin) + (odd * cos)], 3).view(y.shape);
        }

        for (var i = 0; i < layers; i++)
        {
            var read = Norm(x, $"blk.{i}.attn_norm");
            Tensor Heads(string part, long count) => read.mm(w[$"blk.{i}.attn_{part}.weight"]).view(length, count, -1);
            var q = Turned(Heads("q", heads)).transpose(0, 1);
            var k = Turned(Heads("k", kv)).transpose(0, 1).repeat_interleave(heads / kv, 0);
            var v = Heads("v", kv).transpose(0, 1).repeat_interleave(heads / kv, 0);
            var scores = q.bmm(k.transpose(1, 2)).mul(1 / MathF.Sqrt(2 * half)).masked_fill(mask, float.NegativeInfinity);
            x += scores.softmax(-1).bmm(v).transpose(0, 1).reshape(length, -1).mm(w[$"blk.{i}.attn_output.weight"]);
            read = Norm(x, $"blk.{i}.ffn_norm");
            x += (F.silu(read.mm(w[$"blk.{i}.ffn_gate.weight"])) * read.mm(w[$"blk.{i}.ffn_up.weight"])).mm(w[$"blk.{i}.ffn_down.weight"]);
        }

        return Norm(x, "output_norm")[-1].matmul(w["token_embd.weight"].t());
    }
}
