using Fathom.Configuration;

namespace Fathom.Architectures;

/// <summary>The first SoLU models (<c>NeelNanda/SoLU_*_old</c>): norms under other names, and in the smaller ones matrices the other way round.</summary>
/// <remarks>Up to 6 layers every <c>W_</c> has its last two axes swapped; up to 8 layers <c>W_pos</c> has. Source: the loader of TransformerLens.</remarks>
public sealed class NeelSoluOld : Architecture
{
    private const string Layer = "blocks.{i}.";

    /// <inheritdoc/>
    public override IReadOnlyList<string> Ids => ["neel-solu-old"];

    /// <inheritdoc/>
    public override string Family => "TransformerLens, first SoLU";

    /// <inheritdoc/>
    public override IReadOnlyList<string> StaleTensors => TransformerLensTensors.Buffers;

    /// <inheritdoc/>
    protected override IReadOnlyList<string> InertKeys => TransformerLensConfig.Inert;

    /// <inheritdoc/>
    public override IReadOnlyList<WeightRule> Weights(ModelConfig config)
    {
        ArgumentNullException.ThrowIfNull(config);
        string? Turned(string axes)
        {
            var names = axes.Split(' ');
            return config.NLayers <= 6 ? $"{string.Join(' ', [.. names[..^2], names[^1], names[^2]])} -> {axes}" : null;
        }

        return
        [
            new("embed.W_E", "embed.W_E", Turned("d_vocab d_model")),
            new("pos_embed.W_pos", "pos_embed.W_pos", config.NLayers <= 8 ? "d_model n_ctx -> n_ctx d_model" : null),
            .. Norm($"{Layer}ln1", $"{Layer}norm1"),
            new($"{Layer}attn.W_Q", $"{Layer}attn.W_Q", Turned("head d_model d_head")),
            new($"{Layer}attn.b_Q", $"{Layer}attn.b_Q"),
            new($"{Layer}attn.W_K", $"{Layer}attn.W_K", Turned("kv_head d_model d_head")),
            new($"{Layer}attn.b_K", $"{Layer}attn.b_K"),
            new($"{Layer}attn.W_V", $"{Layer}attn.W_V", Turned("kv_head d_model d_head")),
            new($"{Layer}attn.b_V", $"{Layer}attn.b_V"),
            new($"{Layer}attn.W_O", $"{Layer}attn.W_O", Turned("head d_head d_model")),
            new($"{Layer}attn.b_O", $"{Layer}attn.b_O"),
            .. Norm($"{Layer}ln2", $"{Layer}norm2"),
            new($"{Layer}mlp.W_in", $"{Layer}mlp.W_in", Turned("d_model d_mlp")),
            new($"{Layer}mlp.b_in", $"{Layer}mlp.b_in"),
            new($"{Layer}mlp.W_out", $"{Layer}mlp.W_out", Turned("d_mlp d_model")),
            new($"{Layer}mlp.b_out", $"{Layer}mlp.b_out"),
            .. Norm($"{Layer}mlp.ln", $"{Layer}mlp.norm"),
            .. Norm("ln_final", "norm"),
            new("unembed.W_U", "unembed.W_U", Turned("d_model d_vocab")),
            new("unembed.b_U", "unembed.b_U") { IsOptional = true },
        ];
    }

    /// <inheritdoc/>
    protected override ModelConfig Read(HubConfig hub)
    {
        ArgumentNullException.ThrowIfNull(hub);
        return new TransformerLensConfig(hub).Model(Ids[0]);
    }

    /// <summary>A norm under its old name or, as in some files, its present one.</summary>
    private static IEnumerable<WeightRule> Norm(string ours, string old) =>
        [new($"{ours}.w", $"{old}.w") { Otherwise = [$"{ours}.w"] }, new($"{ours}.b", $"{old}.b") { Otherwise = [$"{ours}.b"] }];
}
