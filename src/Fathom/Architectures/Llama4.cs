using System.Text.Json;
using Fathom.Configuration;

namespace Fathom.Architectures;

/// <summary>Llama 4 (text): attention within chunks, layers without positions whose queries grow with position, and one expert a token beside one that all tokens use.</summary>
/// <remarks>Source: the released code of Meta's Llama 4; growing queries: Nakanishi 2025 (arXiv:2501.19399).</remarks>
public sealed class Llama4 : LlamaLike
{
    private const string Layer = "model.layers.{i}.", Mlp = $"{Layer}feed_forward.", Chunked = "chunked_attention";

    /// <inheritdoc/>
    public override IReadOnlyList<string> Ids => ["Llama4ForCausalLM", "Llama4TextModel"];

    /// <inheritdoc/>
    public override string Family => "Llama 4";

    /// <inheritdoc/>
    protected override IReadOnlyList<string> InertKeys => ["router_jitter_noise", "for_llm_compressor"];

    /// <inheritdoc/>
    public override IReadOnlyList<WeightRule> Weights(ModelConfig config) =>
    [
        .. LlamaTensors.Ends(),
        .. LlamaTensors.Norm("ln1", "input_layernorm"),
        .. LlamaTensors.Attention(config),
        .. LlamaTensors.Norm("ln2", "post_attention_layernorm"),
        new("blocks.{i}.mlp.W_gate", $"{Mlp}gate_proj.weight", "d_mlp d_model -> d_model d_mlp"),
        new("blocks.{i}.mlp.W_in", $"{Mlp}up_proj.weight", "d_mlp d_model -> d_model d_mlp"),
        new("blocks.{i}.mlp.W_out", $"{Mlp}down_proj.weight", "d_model d_mlp -> d_mlp d_model"),
        MixtureTensors.Router($"{Mlp}router.weight"),
        new("blocks.{i}.mlp.W_gate, blocks.{i}.mlp.W_in", $"{Mlp}experts.gate_up_proj", "expert d_model (branch d_mlp) -> branch expert d_model d_mlp"),
        new("blocks.{i}.mlp.W_out", $"{Mlp}experts.down_proj"),
        .. MixtureTensors.Shared($"{Mlp}shared_expert"),
    ];

    /// <inheritdoc/>
    protected override ModelConfig Read(HubConfig hub)
    {
        DecoderShape shape = new(hub);
        MixtureReader mixture = new(hub) { ExpertsIfAbsent = 16, ChosenIfAbsent = 1 };
        RmsNormConfig norm = new(hub.Number("rms_norm_eps", 1e-5));
        var rotary = new RotaryReader(hub, shape.HeadWidth) { Theta = 500000, AdjacentPairs = true }.Read();
        var bias = hub.Flag("attention_bias", false);
        var attention = shape.Attention(null) with { QkvBias = bias, OutputBias = bias };
        QueryKeyNormConfig? queryKeyNorm = hub.Flag("use_qk_norm", true) ? new(new RmsNormConfig(norm.Epsilon, Gain: false), QueryKeyNormScope.HeadSharedGain, AfterRotary: true) : null;
        QueryTemperature temperature = new(hub.Number("attn_scale", 0.1), hub.Number("floor_scale", 8192), Shift: 1);
        var grows = hub.Raw("attn_temperature_tuning") is { ValueKind: JsonValueKind.Number } steps ? steps.GetDouble() != 0 : hub.Flag("attn_temperature_tuning", true);
        var turns = LayerKinds.WithRotary(hub, shape.Layers);
        var kinds = LayerKinds.Read(hub, shape.Layers, i => turns[i] ? Chunked : LayerKinds.Full, Chunked, LayerKinds.Full);
        var chunk = LayerKinds.Window(hub, ifAbsent: 8192, "attention_chunk_size");
        var (step, activation) = (hub.Size("interleave_moe_layer_step", 1), hub.Activation("hidden_act", "silu"));
        var sparse = hub.Counts("moe_layers") ?? [.. Enumerable.Range(0, shape.Layers).Where(i => (i + 1) % step == 0)];
        MixtureOfExpertsConfig experts = new(shape.MlpWidth, mixture.Experts, activation, new InputRouter(mixture.Chosen)) { Shared = shape.GatedMlp() };
        GatedMlpConfig dense = new(hub.Size("intermediate_size_mlp", 16384), activation);
        return shape.Model(Ids[0], norm, tied: false, i => new()
        {
            Ln1 = norm,
            Mixer = attention with
            {
                Rotary = turns[i] ? rotary : null,
                QueryKeyNorm = turns[i] ? queryKeyNorm : null,
                Temperature = grows && !turns[i] ? temperature : null,
                Chunk = kinds[i] == Chunked ? chunk : null,
            },
            Ln2 = norm,
            Mlp = sparse.Contains(i) ? experts : dense,
        });
    }
}
