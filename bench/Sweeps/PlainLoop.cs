using Fathom.Models;
using TorchSharp.Modules;
using F = TorchSharp.torch.nn.functional;

namespace Fathom.Bench.Sweeps;

/// <summary>A patching loop as a good engineer writes it in TorchSharp without this library: fused QKV, addmm on flat rows, no gradients, a scope per layer, every cell one whole forward pass.</summary>
internal sealed class PlainLoop : IDisposable
{
    private const int Width = 768;
    private const int Heads = 12;
    private readonly DisposeScope _scope = torch.NewDisposeScope();
    private readonly Layer[] _layers;
    private readonly Tensor _embed;
    private readonly Tensor _positions;
    private readonly Tensor _unembed;
    private readonly Tensor _unembedBias;
    private readonly Tensor _finalGain;
    private readonly Tensor _finalBias;

    public PlainLoop(HookedTransformer model)
    {
        Tensor W(string name) => model.Weight(name).Value;
        Tensor Joined(int i, string kind) => torch.cat([.. "QKV".Select(c => W($"blocks.{i}.attn.{kind}_{c}")).Select(w => kind == "W" ? w.permute(1, 0, 2).reshape(Width, Width) : w.reshape(Width))], kind == "W" ? 1 : 0).contiguous();
        _layers = [.. Enumerable.Range(0, 12).Select(i => new Layer(
            Joined(i, "W"), Joined(i, "b"), W($"blocks.{i}.attn.W_O").reshape(Width, Width), W($"blocks.{i}.attn.b_O"),
            W($"blocks.{i}.mlp.W_in"), W($"blocks.{i}.mlp.b_in"), W($"blocks.{i}.mlp.W_out"), W($"blocks.{i}.mlp.b_out"),
            W($"blocks.{i}.ln1.w"), W($"blocks.{i}.ln1.b"), W($"blocks.{i}.ln2.w"), W($"blocks.{i}.ln2.b")))];
        (_embed, _positions, _unembed, _unembedBias) = (W("embed.W_E"), W("pos_embed.W_pos"), W("unembed.W_U"), W("unembed.b_U"));
        (_finalGain, _finalBias) = (W("ln_final.w"), W("ln_final.b"));
    }

    /// <summary>The streams entering each layer and leaving the last one, and each layer's z, of an unpatched run.</summary>
    public (List<Tensor> Resid, List<Tensor> Z) Record(int[] ids)
    {
        List<Tensor> resid = [];
        List<Tensor> z = [];
        using var logits = Forward(ids, (x, _) => resid.Add(x.clone().DetachFromDisposeScope()), (x, _) => z.Add(x.clone().DetachFromDisposeScope()));
        return (resid, z);
    }

    /// <summary>One whole forward pass; the two functions may change the stream before each layer (and after the last) and <c>z</c> in place.</summary>
    public Tensor Forward(int[] ids, Action<Tensor, int> atResid, Action<Tensor, int> atZ)
    {
        using var scope = torch.NewDisposeScope();
        var length = ids.Length;
        var mask = torch.ones([length, length], torch.@bool).triu(1);
        var x = _embed.index_select(0, torch.tensor([.. ids.Select(i => (long)i)], torch.int64)).add(_positions.narrow(0, 0, length));
        for (var i = 0; i < 12; i++)
        {
            using var inner = torch.NewDisposeScope();
            var w = _layers[i];
            atResid(x, i);
            var qkv = torch.addmm(w.Bqkv, F.layer_norm(x, [Width], w.G1, w.B1, 1e-5), w.Wqkv, 1f, 1f).view(length, 3, Heads, 64).permute(1, 2, 0, 3);
            var scores = qkv[0].bmm(qkv[1].transpose(1, 2)).mul(0.125f).masked_fill(mask, float.NegativeInfinity);
            var z = scores.softmax(-1).bmm(qkv[2]).transpose(0, 1).contiguous();
            atZ(z, i);
            var mid = x.add(torch.addmm(w.Bo, z.view(length, Width), w.Wo, 1f, 1f));
            var hidden = F.gelu(torch.addmm(w.Bin, F.layer_norm(mid, [Width], w.G2, w.B2, 1e-5), w.Win, 1f, 1f), GELU.Approximate.tanh);
            x = mid.add(torch.addmm(w.Bout, hidden, w.Wout, 1f, 1f)).MoveToOuterDisposeScope();
        }

        atResid(x, 12);
        return torch.addmm(_unembedBias, F.layer_norm(x, [Width], _finalGain, _finalBias, 1e-5), _unembed, 1f, 1f).MoveToOuterDisposeScope();
    }

    public void Dispose() => _scope.Dispose();

    private sealed record Layer(Tensor Wqkv, Tensor Bqkv, Tensor Wo, Tensor Bo, Tensor Win, Tensor Bin, Tensor Wout, Tensor Bout, Tensor G1, Tensor B1, Tensor G2, Tensor B2);
}
