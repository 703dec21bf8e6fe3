using Fathom.Configuration;

namespace Fathom.Architectures;

/// <summary>A family whose checkpoints name their tensors as Llama does; by default the whole table is Llama's.</summary>
public abstract class LlamaLike : Architecture
{
    /// <inheritdoc/>
    public override string BasePrefix => "model.";

    /// <inheritdoc/>
    public override IReadOnlyList<string> StaleTensors => [".rotary_emb.inv_freq"];

    /// <inheritdoc/>
    public override IReadOnlyList<WeightRule> Weights(ModelConfig config) =>
    [
        .. LlamaTensors.Ends(),
        .. LlamaTensors.Norm("ln1", "input_layernorm"),
        .. LlamaTensors.Attention(config),
        .. LlamaTensors.Norm("ln2", "post_attention_layernorm"),
        .. LlamaTensors.GatedMlp(config),
    ];
}
