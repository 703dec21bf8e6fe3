using Fathom.Configuration;

namespace Fathom.Architectures;

/// <summary>Gemma 3n (text): several lanes of the stream, a low-rank branch beside attention, a vector per token and layer, keys shared by the last layers, and sparse gates in the first.</summary>
/// <remarks>Source: the released code of Google's Gemma 3n models.</remarks>
public sealed class Gemma3n : LlamaLike
{
    private const string Altup = "model.layers.{i}.altup.";

    /// <inheritdoc/>
    public override IReadOnlyList<string> Ids => ["Gemma3nForCausalLM", "Gemma3nTextModel"];

    /// <inheritdoc/>
    public override string Family => "Gemma 3n";

    /// <summary>The bound on coefficients acts in training only.</summary>
    protected override IReadOnlyList<string> InertKeys => ["altup_coef_clip"];

    /// <inheritdoc/>
    public override IReadOnlyList<WeightRule> Weights(ModelConfig config) =>
    [
        .. GemmaTensors.Blocks(config),
        .. GemmaTensors.PerLayer,
        new("lanes.W_spread", "model.altup_projections.{e}.weight", "further_stream d_model d_from -> further_stream d_from d_model"),
        new("lanes.W_merge", "model.altup_unembed_projections.{e}.weight", "further_stream d_model d_from -> further_stream d_from d_model"),
        new("blocks.{i}.altup.router_norm.w", $"{Altup}router_norm.weight"),
        new("blocks.{i}.altup.W_route", $"{Altup}modality_router.weight", "modality d_model -> d_model modality"),
        new("blocks.{i}.altup.W_predict", $"{Altup}prediction_coefs.weight", "(stream from_stream) modality -> modality stream from_stream"),
        new("blocks.{i}.altup.W_correct", $"{Altup}correction_coefs.weight", "stream modality -> modality stream"),
        new("blocks.{i}.altup.out_scale", $"{Altup}correct_output_scale"),
        new("blocks.{i}.laurel.W_in", "model.layers.{i}.laurel.linear_left.weight", "d_laurel d_model -> d_model d_laurel"),
        new("blocks.{i}.laurel.W_out", "model.layers.{i}.laurel.linear_right.weight", "d_model d_laurel -> d_laurel d_model"),
        .. LlamaTensors.Norm("laurel.ln", "laurel.post_laurel_norm"),
    ];

    /// <inheritdoc/>
    protected override ModelConfig Read(HubConfig hub)
    {
        hub.Require("altup_active_idx", "0");
        DecoderShape shape = new(hub);
        RmsNormConfig norm = new(hub.Number("rms_norm_eps", 1e-6), CastBeforeGain: false);
        var kinds = LayerKinds.Read(hub, shape.Layers, LayerKinds.FullEvery(5));
        var attention = Attention(hub, shape, norm, kinds);
        AltUpConfig altUp = new(hub.Size("altup_num_inputs", 4), norm.Epsilon, hub.Flag("altup_correct_scale", true));
        var activation = hub.Activation("hidden_activation", "gelu_pytorch_tanh");
        var (widths, sparsity) = (PerLayer(hub, shape, "intermediate_size", null), PerLayer(hub, shape, "activation_sparsity_pattern", 0));
        var width = hub.Size("hidden_size_per_layer_input", 256);
        LaurelConfig laurel = new(hub.Size("laurel_rank", 64), norm);
        return shape.Model(Ids[0], norm, tied: true, i => new()
        {
            Ln1 = norm,
            Mixer = attention[i],
            Laurel = laurel,
            Ln1Post = norm,
            Ln2 = norm,
            Mlp = new GatedMlpConfig((int)widths[i], activation, Sparsity: sparsity[i]),
            Ln2Post = norm,
            PerLayerInput = new(width, activation, norm),
            AltUp = altUp,
        }) with
        {
            EmbedScale = Math.Sqrt(shape.Width),
            LogitSoftCap = hub.Optional("final_logit_softcapping", 30),
            PerLayerEmbedding = new(hub.Size("vocab_size_per_layer_input", 262144), width, norm),
        };
    }

    private static IReadOnlyList<AttentionConfig> Attention(HubConfig hub, DecoderShape shape, RmsNormConfig norm, IReadOnlyList<string> kinds)
    {
        var bias = hub.Flag("attention_bias", false);
        var full = shape.Attention(new RotaryReader(hub, shape.HeadWidth) { Theta = 1e6 }.Read(LayerKinds.Full)) with
        {
            Scale = 1,
            QueryKeyNorm = new(norm, QueryKeyNormScope.HeadSharedGain),
            ValueNorm = norm with { Gain = false },
            QkvBias = bias,
            OutputBias = bias,
        };
        var local = new RotaryReader(hub, shape.HeadWidth) { Theta = 1e4, ThetaKey = "rope_local_base_freq", ScalingKey = null }.Read(LayerKinds.Sliding);
        var sliding = full with { Rotary = local, Window = LayerKinds.Window(hub, ifAbsent: 512) };
        return LayerKinds.ShareKeys(hub, kinds, i => kinds[i] == LayerKinds.Sliding ? sliding : full, ifAbsent: 15);
    }

    /// <summary>A number for each layer, from a list or from one number for all.</summary>
    private static IReadOnlyList<double> PerLayer(HubConfig hub, DecoderShape shape, string key, double? ifAbsent)
    {
        var listed = hub.Raw(key) is { ValueKind: System.Text.Json.JsonValueKind.Array } ? hub.Numbers(key)! : [.. Enumerable.Repeat(hub.Number(key, ifAbsent), shape.Layers)];
        var fits = listed.Count == shape.Layers && listed.All(n => ifAbsent is null ? n >= 1 && n == Math.Floor(n) && n <= int.MaxValue : n is >= 0 and < 1);
        return fits ? listed : throw new ConfigException(hub.Source, [key], $"'{key}' holds {listed.Count} numbers; it holds one {(ifAbsent is null ? "width" : "share below 1")}, or one for each of the {shape.Layers} layers.");
    }
}
