using Fathom.Configuration;

namespace Fathom.Architectures;

/// <summary>CodeGen: GPT-J whose queries, values and keys lie in one tensor, in four shards.</summary>
/// <remarks>Source: Nijkamp et al. 2022 (arXiv:2203.13474).</remarks>
public sealed class CodeGen : GptJLike
{
    /// <inheritdoc/>
    public override IReadOnlyList<string> Ids => ["CodeGenForCausalLM", "CodeGenModel"];

    /// <inheritdoc/>
    public override string Family => "CodeGen";

    /// <inheritdoc/>
    private protected override IEnumerable<WeightRule> Projections =>
    [
        new("blocks.{i}.attn.W_Q, blocks.{i}.attn.W_V, blocks.{i}.attn.W_K", $"{Layer}attn.qkv_proj.weight", "(shard qvk local d_head) d_model -> qvk (shard local) d_model d_head")
        {
            Sizes = new Dictionary<string, long> { ["shard"] = 4, ["qvk"] = 3 },
        },
    ];
}
