using Fathom.Configuration;
using Fathom.Hooks;
using Fathom.Tensors;

namespace Fathom.Components;

/// <summary>The projections of multi-head latent attention: compressed vectors per position, and what each head makes of them.</summary>
/// <remarks>
/// <c>c_kv = norm(x·W_DKV)</c>, <c>k = [c_kv·W_UK | x·W_KR]</c> with one rotary part for all heads, <c>v = c_kv·W_UV</c>; <c>q = norm(x·W_DQ)·W_UQ</c> where queries are compressed too.
/// Source: DeepSeek-AI 2024 (arXiv:2405.04434) §2.1.2.
/// </remarks>
public sealed class LatentProjections : Component
{
    private readonly long _heads;

    internal LatentProjections(PartScope scope, LatentConfig config)
        : base(scope)
    {
        _heads = scope.SizeOf("head");
        if (config.QueryRank is not null)
        {
            WDQ = scope.Weight("W_DQ", "d_model d_latent_q");
            QLatentNorm = new(scope.Child("q_latent_norm"), config.Norm, "batch pos d_latent_q", "d_latent_q");
            HookQLatent = scope.Point("hook_q_latent", "batch pos d_latent_q");
            WUQ = scope.Weight("W_UQ", "head d_latent_q d_head", "d_latent_q (head d_head)");
        }

        WDKV = scope.Weight("W_DKV", "d_model d_latent");
        WKR = scope.Weight("W_KR", "d_model d_rotary");
        KvLatentNorm = new(scope.Child("kv_latent_norm"), config.Norm, "batch pos d_latent", "d_latent");
        HookKvLatent = scope.Point("hook_kv_latent", "batch pos d_latent");
        HookKRope = scope.Point("hook_k_rope", "batch pos d_rotary");
        WUK = scope.Weight("W_UK", "head d_latent d_nope", "d_latent (head d_nope)");
        WUV = scope.Weight("W_UV", "head d_latent d_head_v", "d_latent (head d_head_v)");
    }

    /// <summary>Compresses queries, where they are compressed.</summary>
    public Weight? WDQ { get; }

    /// <summary>Makes each head's query from the compressed one, where queries are compressed.</summary>
    public Weight? WUQ { get; }

    /// <summary>Compresses keys and values.</summary>
    public Weight WDKV { get; }

    /// <summary>The lanes of keys that turn, one vector for all heads.</summary>
    public Weight WKR { get; }

    /// <summary>Makes the lanes of each head's key that do not turn.</summary>
    public Weight WUK { get; }

    /// <summary>Makes each head's value.</summary>
    public Weight WUV { get; }

    /// <summary>The norm of compressed queries, where they are compressed.</summary>
    public Norm? QLatentNorm { get; }

    /// <summary>The norm of the compressed keys and values.</summary>
    public Norm KvLatentNorm { get; }

    /// <summary>The compressed query as <c>W_UQ</c> reads it, after its norm, where queries are compressed.</summary>
    public HookPoint? HookQLatent { get; }

    /// <summary>The vector that keys and values are made from, after its norm.</summary>
    public HookPoint HookKvLatent { get; }

    /// <summary>The lanes of keys that will turn, before they do; one vector for all heads.</summary>
    public HookPoint HookKRope { get; }

    /// <summary>The weights that read the normalized stream.</summary>
    internal IReadOnlyList<Reader> Readers => [.. WDQ is null ? [] : new[] { new Reader(WDQ, null) }, new(WDKV, null), new(WKR, null)];

    /// <summary>Each head's query before rotation, where queries are compressed.</summary>
    /// <param name="x"><c>[rows, d_model]</c>, or <c>[rows, head, d_model]</c> when split per head.</param>
    /// <param name="pass">The run.</param>
    /// <returns><c>[rows, head, d_head]</c>.</returns>
    internal Tensor Queries(Tensor x, Pass pass) => PerHead(Shown(QLatentNorm!.Forward(Narrowed(x, WDQ!), pass), HookQLatent!, pass), WUQ!);

    /// <summary>Each head's key before rotation, and its value.</summary>
    /// <param name="keys">What keys read: <c>[rows, d_model]</c>, or <c>[rows, head, d_model]</c> when split per head.</param>
    /// <param name="values">What values read.</param>
    /// <param name="pass">The run.</param>
    /// <returns><c>[rows, head, d_head]</c> and <c>[rows, head, d_head_v]</c>.</returns>
    internal (Tensor Keys, Tensor Values) KeysAndValues(Tensor keys, Tensor values, Pass pass)
    {
        var latent = Latent(keys, pass);
        var rope = Shown(Narrowed(keys, WKR), HookKRope, pass);
        rope = rope.dim() == 3 ? rope : rope.unsqueeze(1).expand(-1, _heads, -1);
        var key = torch.cat([PerHead(latent, WUK), rope], -1);
        return (key, PerHead(ReferenceEquals(keys, values) ? latent : Latent(values, pass), WUV));
    }

    private Tensor Latent(Tensor x, Pass pass) => Shown(KvLatentNorm.Forward(Narrowed(x, WDKV), pass), HookKvLatent, pass);

    /// <summary>Shows a compressed vector. Where a reader has a copy of the stream for each head there is one for each head, which is not what the point holds.</summary>
    private static Tensor Shown(Tensor latent, HookPoint point, Pass pass) => latent.dim() == 3 ? latent : pass.Apply(point, latent);

    private static Tensor Narrowed(Tensor x, Weight weight) => Linear.Apply(x.reshape(-1, x.shape[^1]), weight).view([.. x.shape[..^1], weight.Shape[1]]);

    private Tensor PerHead(Tensor latent, Weight weight) =>
        latent.dim() == 3 ? Linear.PerHead(latent, weight, null) : Linear.Apply(latent, weight).view(latent.shape[0], _heads, -1);
}
