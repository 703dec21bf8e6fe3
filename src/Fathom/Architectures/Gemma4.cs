using Fathom.Configuration;

namespace Fathom.Architectures;

/// <summary>Gemma 4 (text): wider heads with proportional rotary positions on full layers, a vector per token and layer, keys shared by the last layers, and a trained factor on the stream after each block.</summary>
/// <remarks>Source: the released code of Google's Gemma 4 models.</remarks>
public sealed class Gemma4 : LlamaLike
{
    /// <inheritdoc/>
    public override IReadOnlyList<string> Ids => ["Gemma4ForCausalLM", "Gemma4TextModel"];

    /// <inheritdoc/>
    public override string Family => "Gemma 4";

    /// <inheritdoc/>
    public override IReadOnlyList<WeightRule> Weights(ModelConfig config) =>
    [
        .. GemmaTensors.Blocks(config),
        .. GemmaTensors.PerLayer,
        new("blocks.{i}.out_scale", "model.layers.{i}.layer_scalar"),
    ];

    /// <inheritdoc/>
    protected override ModelConfig Read(HubConfig hub)
    {
        hub.Require("use_bidirectional_attention", "false");
        hub.Require("attention_k_eq_v", "false");
        hub.Require("enable_moe_block", "false");
        hub.Inert("moe_intermediate_size", "num_experts", "top_k_experts");
        DecoderShape shape = new(hub);
        RmsNormConfig norm = new(hub.Number("rms_norm_eps", 1e-6), CastBeforeGain: false);
        var attention = Attention(hub, shape, norm);
        var activation = hub.Activation("hidden_activation", "gelu_pytorch_tanh");
        var widened = hub.Flag("use_double_wide_mlp", false);
        var width = hub.Count("hidden_size_per_layer_input", 256);
        return shape.Model(Ids[0], norm, tied: true, i => new()
        {
            Ln1 = norm,
            Mixer = attention[i],
            Ln1Post = norm,
            Ln2 = norm,
            Mlp = new GatedMlpConfig(shape.MlpWidth * (widened && attention[i].KeysFrom is not null ? 2 : 1), activation),
            Ln2Post = norm,
            PerLayerInput = width > 0 ? new(width, activation, norm) : null,
            OutputScale = true,
        }) with
        {
            EmbedScale = Math.Sqrt(shape.Width),
            LogitSoftCap = hub.Optional("final_logit_softcapping"),
            PerLayerEmbedding = width > 0 ? new(hub.Size("vocab_size_per_layer_input", 262144), width, norm) : null,
        };
    }

    private static IReadOnlyList<AttentionConfig> Attention(HubConfig hub, DecoderShape shape, RmsNormConfig norm)
    {
        // The last layer sees everything whatever the list says.
        List<string> kinds = [.. LayerKinds.Read(hub, shape.Layers, LayerKinds.FullEvery(6)).SkipLast(1), LayerKinds.Full];
        var bias = hub.Flag("attention_bias", false);
        var own = hub.Section("per_layer_config");
        var full = hub.Size("global_head_dim", 512);
        var window = LayerKinds.Window(hub, ifAbsent: 512);
        return LayerKinds.ShareKeys(hub, kinds, i =>
        {
            var slides = kinds[i] == LayerKinds.Sliding;
            var width = own?.Section($"{i}")?.Size("head_dim") ?? (slides ? shape.HeadWidth : full);
            var rotary = slides ? new RotaryReader(hub, width) { Theta = 1e4, ScalingKey = null } : new RotaryReader(hub, width) { Theta = 1e6 };
            return shape.Attention(rotary.Read(kinds[i])) with
            {
                DHead = width,
                Scale = 1,
                Window = slides ? window : null,
                QueryKeyNorm = new(norm, QueryKeyNormScope.HeadSharedGain),
                ValueNorm = norm with { Gain = false },
                QkvBias = bias,
                OutputBias = bias,
            };
        }, ifAbsent: 0);
    }
}
