using Fathom.Configuration;

namespace Fathom.Architectures;

/// <summary>GPT-J: attention and MLP side by side on one norm, rotary positions on neighbouring lanes of part of each head, an unembedding with a bias.</summary>
/// <remarks>Source: Wang and Komatsuzaki 2021, "GPT-J-6B: A 6 Billion Parameter Autoregressive Language Model".</remarks>
public sealed class GptJ : GptJLike
{
    /// <inheritdoc/>
    public override IReadOnlyList<string> Ids => ["GPTJForCausalLM", "GPTJModel"];

    /// <inheritdoc/>
    public override string Family => "GPT-J";

    /// <inheritdoc/>
    private protected override IEnumerable<WeightRule> Projections => DecoderTensors.Separate($"{Layer}attn.", bias: false);
}
