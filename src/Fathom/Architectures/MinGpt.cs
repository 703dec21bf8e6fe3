using Fathom.Configuration;

namespace Fathom.Architectures;

/// <summary>minGPT: GPT-2's blocks with linear layers stored as <c>[out, in]</c> and an unembedding of its own; in both generations of names.</summary>
/// <remarks>The first generation (Othello-GPT) has separate queries, keys and values. Its config comes in TransformerLens's words, the later one's in minGPT's (<see cref="GptShape"/>).</remarks>
public sealed class MinGpt : Architecture
{
    private const string First = "blocks.{i}.";

    /// <inheritdoc/>
    public override IReadOnlyList<string> Ids => ["mingpt"];

    /// <inheritdoc/>
    public override string Family => "minGPT";

    /// <inheritdoc/>
    public override IReadOnlyList<string> StaleTensors => [".attn.bias", ".attn.mask"];

    /// <inheritdoc/>
    protected override IReadOnlyList<string> InertKeys => [.. TransformerLensConfig.Inert, "architecture"];

    /// <inheritdoc/>
    public override IReadOnlyList<WeightRule> Weights(ModelConfig config) =>
    [
        .. GptShape.Tensors(),
        new("embed.W_E", "tok_emb.weight"),
        new("pos_embed.W_pos", "pos_emb", "one n_ctx d_model -> (one n_ctx) d_model"),
        .. DecoderTensors.Norm("blocks.{i}.ln1", $"{First}ln1"),
        .. new[] { ("Q", "query", "head"), ("K", "key", "kv_head"), ("V", "value", "kv_head") }.SelectMany(p => new WeightRule[]
        {
            new($"{First}attn.W_{p.Item1}", $"{First}attn.{p.Item2}.weight", $"({p.Item3} d_head) d_model -> {p.Item3} d_model d_head"),
            new($"{First}attn.b_{p.Item1}", $"{First}attn.{p.Item2}.bias", $"({p.Item3} d_head) -> {p.Item3} d_head"),
        }),
        .. DecoderTensors.Output($"{First}attn.proj", bias: true),
        .. DecoderTensors.Norm("blocks.{i}.ln2", $"{First}ln2"),
        .. DecoderTensors.PlainMlp($"{First}mlp.0", $"{First}mlp.2", bias: true),
        .. DecoderTensors.Norm("ln_final", "ln_f"),
        DecoderTensors.Unembed("head.weight"),
    ];

    /// <inheritdoc/>
    protected override ModelConfig Read(HubConfig hub)
    {
        ArgumentNullException.ThrowIfNull(hub);
        return hub.Has("d_model") ? new TransformerLensConfig(hub).Model(Ids[0]) : GptShape.Read(hub, Ids[0], Activation.GeluTanh, tied: false);
    }
}
