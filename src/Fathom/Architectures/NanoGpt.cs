using Fathom.Configuration;

namespace Fathom.Architectures;

/// <summary>nanoGPT: GPT-2's blocks with linear layers stored as <c>[out, in]</c>, biases everywhere or nowhere, tied unembedding.</summary>
/// <remarks>The project's first code had the tanh GELU: give checkpoints of it a config.json with <c>"activation_function": "gelu_new"</c>.</remarks>
public sealed class NanoGpt : Architecture
{
    /// <inheritdoc/>
    public override IReadOnlyList<string> Ids => ["nanogpt"];

    /// <inheritdoc/>
    public override string Family => "nanoGPT";

    /// <inheritdoc/>
    public override IReadOnlyList<string> StaleTensors => [".attn.bias"];

    /// <inheritdoc/>
    protected override IReadOnlyList<string> InertKeys => ["architecture"];

    /// <inheritdoc/>
    public override IReadOnlyList<WeightRule> Weights(ModelConfig config) => GptShape.Tensors();

    /// <inheritdoc/>
    protected override ModelConfig Read(HubConfig hub)
    {
        ArgumentNullException.ThrowIfNull(hub);
        return GptShape.Read(hub, Ids[0], Activation.Gelu, tied: true);
    }
}
