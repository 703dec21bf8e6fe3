using Fathom.Configuration;

namespace Fathom.Architectures;

/// <summary>Command R7B and A: Command R with windows on three of four layers and no positions on the others.</summary>
/// <remarks>Source: Cohere 2025 (arXiv:2504.00698).</remarks>
public sealed class Cohere2 : LlamaLike
{
    /// <inheritdoc/>
    public override IReadOnlyList<string> Ids => ["Cohere2ForCausalLM", "Cohere2Model"];

    /// <inheritdoc/>
    public override string Family => "Cohere 2";

    /// <inheritdoc/>
    protected override IReadOnlyList<string> InertKeys => ["use_embedding_sharing", "use_parallel_embedding", "cache_implementation"];

    /// <inheritdoc/>
    public override IReadOnlyList<WeightRule> Weights(ModelConfig config) =>
    [
        .. LlamaTensors.Ends(),
        .. LlamaTensors.Norm("ln1", "input_layernorm"),
        .. LlamaTensors.Attention(config),
        .. LlamaTensors.GatedMlp(config),
    ];

    /// <inheritdoc/>
    protected override ModelConfig Read(HubConfig hub)
    {
        hub.Require("use_qk_norm", "false");
        hub.Require("use_parallel_block", "true");
        hub.Require("use_gated_activation", "true");
        hub.Require("position_embedding_type", "\"rope_gptj\"");
        hub.Require("order_of_interleaved_layers", "\"local_attn_first\"");
        DecoderShape shape = new(hub);
        LayerNormConfig norm = new(hub.Number("layer_norm_eps", 1e-5), Bias: false);
        var bias = hub.Flag("attention_bias", false);
        var full = shape.Attention(null) with { QkvBias = bias, OutputBias = bias };
        var sliding = full with
        {
            Rotary = new RotaryReader(hub, shape.HeadWidth) { AdjacentPairs = true, PartialKey = "rotary_pct" }.Read(),
            Window = LayerKinds.Window(hub, ifAbsent: 4096),
        };
        var kinds = LayerKinds.Read(hub, shape.Layers, LayerKinds.FullEvery(hub.Size("sliding_window_pattern", hub.Size("layer_switch", 4))));
        var mlp = shape.GatedMlp();
        return shape.Model(Ids[0], norm, tied: true, i => new() { Layout = BlockLayout.Parallel, Ln1 = norm, Mixer = kinds[i] == LayerKinds.Sliding ? sliding : full, Mlp = mlp }) with
        {
            LogitScale = hub.Number("logit_scale", 0.0625),
        };
    }
}
