using Fathom.Configuration;

namespace Fathom.Architectures;

/// <summary>GPT-OSS: attention sinks, every other layer through a window, clamped experts with biases, YaRN with unrounded ramps. The released weights are packed in 4 bits (MXFP4) and are unpacked while they load.</summary>
/// <remarks>Source: OpenAI 2025 (arXiv:2508.10925).</remarks>
public sealed class GptOss : LlamaLike
{
    private const string Mlp = "model.layers.{i}.mlp.";

    /// <inheritdoc/>
    public override IReadOnlyList<string> Ids => ["GptOssForCausalLM", "GptOssModel"];

    /// <inheritdoc/>
    public override string Family => "GPT-OSS";

    /// <inheritdoc/>
    protected override IReadOnlyList<string> InertKeys => ["initial_context_length", "hidden_act"];

    /// <inheritdoc/>
    public override IReadOnlyList<WeightRule> Weights(ModelConfig config) =>
    [
        .. LlamaTensors.Ends(),
        .. LlamaTensors.Norm("ln1", "input_layernorm"),
        .. LlamaTensors.Attention(config),
        new("blocks.{i}.attn.sinks", "model.layers.{i}.self_attn.sinks"),
        .. LlamaTensors.Norm("ln2", "post_attention_layernorm"),
        MixtureTensors.Router($"{Mlp}router.weight"),
        new("blocks.{i}.mlp.b_router", $"{Mlp}router.bias"),
        new("blocks.{i}.mlp.W_gate, blocks.{i}.mlp.W_in", $"{Mlp}experts.gate_up_proj", "expert d_model (d_mlp branch) -> branch expert d_model d_mlp"),
        new("blocks.{i}.mlp.b_gate, blocks.{i}.mlp.b_in", $"{Mlp}experts.gate_up_proj_bias", "expert (d_mlp branch) -> branch expert d_mlp"),
        new("blocks.{i}.mlp.W_out", $"{Mlp}experts.down_proj"),
        new("blocks.{i}.mlp.b_out", $"{Mlp}experts.down_proj_bias"),
    ];

    /// <inheritdoc/>
    protected override ModelConfig Read(HubConfig hub)
    {
        DecoderShape shape = new(hub);
        var chosen = hub.Has("experts_per_token") && !hub.Has("num_experts_per_tok") ? "experts_per_token" : "num_experts_per_tok";
        hub.Inert("experts_per_token");
        MixtureReader mixture = new(hub) { ExpertsIfAbsent = 128, ChosenKey = chosen, ChosenIfAbsent = 4 };
        RmsNormConfig norm = new(hub.Number("rms_norm_eps", 1e-5));
        var bias = hub.Flag("attention_bias", true);
        var attention = shape.Attention(new RotaryReader(hub, shape.HeadWidth) { Theta = 150000 }.Read()) with { QkvBias = bias, OutputBias = bias, Sinks = true };
        var window = LayerKinds.Window(hub, ifAbsent: 128);
        var kinds = LayerKinds.Read(hub, shape.Layers, i => i % 2 == 0 ? LayerKinds.Sliding : LayerKinds.Full);
        MixtureOfExpertsConfig mlp = new(shape.MlpWidth, mixture.Experts, Activation.Silu, new TopKRouter(mixture.Chosen) { Bias = true })
        {
            Bias = true,
            Clamped = new(hub.Number("swiglu_limit", 7), hub.Number("swiglu_alpha", 1.702)),
        };
        return shape.Model(Ids[0], norm, tied: false, i => new() { Ln1 = norm, Mixer = attention with { Window = kinds[i] == LayerKinds.Sliding ? window : null }, Ln2 = norm, Mlp = mlp });
    }
}
