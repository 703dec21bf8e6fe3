using Fathom.Configuration;

namespace Fathom.Architectures;

/// <summary>A Qwen of which three layers in four are gated delta nets and the fourth is gated attention.</summary>
/// <remarks>Source: Qwen Team 2025, "Qwen3-Next"; Yang et al. 2024 (arXiv:2412.06464).</remarks>
public abstract class QwenHybrid : LlamaLike
{
    private const string Layer = "model.layers.{i}.";
    private const string Linear = "linear_attention";

    /// <inheritdoc/>
    public override bool PrependBos => false;

    /// <inheritdoc/>
    // Heads that predict further tokens, which no forward pass of the model reads.
    public override IReadOnlyList<string> StaleTensors => [.. base.StaleTensors, "mtp.*"];

    /// <inheritdoc/>
    protected override IReadOnlyList<string> InertKeys => ["mamba_ssm_dtype", "mtp_num_hidden_layers", "mtp_use_dedicated_embeddings"];

    /// <inheritdoc/>
    public override IReadOnlyList<WeightRule> Weights(ModelConfig config) =>
    [
        .. LlamaTensors.Ends(),
        .. LlamaTensors.Norm("ln1", "input_layernorm"),
        .. Projections,
        Row("W_conv_Q W_conv_K W_conv_V", "conv1d.weight", "", "(n_groups d_key) one d_kernel -> (n_groups one) d_key d_kernel", "(n_groups d_key) one d_kernel -> (n_groups one) d_key d_kernel", "(mixer_head d_value) one d_kernel -> (mixer_head one) d_value d_kernel"),
        Row("b_dt", "dt_bias"),
        Row("A_log", "A_log"),
        Row("norm.w", "norm.weight"),
        Row("W_O", "out_proj.weight", "d_model (mixer_head d_value) -> mixer_head d_value d_model"),
        new("blocks.{i}.attn.W_Q, blocks.{i}.attn.W_gate", $"{Layer}self_attn.q_proj.weight", "(head branch d_head) d_model -> branch head d_model d_head"),
        .. LlamaTensors.Attention(config).Where(r => r.Ours != "blocks.{i}.attn.W_Q"),
        .. LlamaTensors.QueryKeyNorm("q_norm", "k_norm"),
        .. LlamaTensors.Norm("ln2", "post_attention_layernorm"),
        .. LlamaTensors.GatedMlp(config),
    ];

    /// <summary>The rows of the delta net's projections.</summary>
    private protected abstract IEnumerable<WeightRule> Projections { get; }

    /// <summary>One tensor of a delta net.</summary>
    /// <param name="ours">Its parameters, separated by blanks.</param>
    /// <param name="theirs">Its name below the mixer.</param>
    /// <param name="pattern">The rearrangement.</param>
    /// <param name="slices">How each slice becomes ours.</param>
    private protected static WeightRule Row(string ours, string theirs, string? pattern = null, params IReadOnlyList<string> slices) =>
        new(string.Join(", ", ours.Split(' ').Select(o => $"blocks.{{i}}.mixer.{o}")), $"{Layer}linear_attn.{theirs}", pattern) { Slices = slices };

    /// <summary>Reads everything but the MLPs.</summary>
    /// <param name="hub">The config.</param>
    /// <param name="mlp">The MLP of each layer.</param>
    private protected ModelConfig Model(HubConfig hub, Func<int, MlpConfig> mlp)
    {
        hub.Require("attn_output_gate", "true");
        hub.Require("attention_bias", "false");
        // Text has the same position on all three axes of a picture's.
        hub.Section("rope_parameters")?.Inert("mrope_section", "mrope_interleaved");
        DecoderShape shape = new(hub);
        RmsNormConfig norm = new(hub.Number("rms_norm_eps", 1e-6), GainOffset: 1, CastBeforeGain: false);
        var (heads, keyHeads) = (hub.Size("linear_num_value_heads", 32), hub.Size("linear_num_key_heads", 16));
        if (heads % keyHeads != 0)
        {
            throw new ConfigException(hub.Source, ["linear_num_value_heads", "linear_num_key_heads"], $"linear_num_value_heads {heads} is not a multiple of linear_num_key_heads {keyHeads}.");
        }

        MixerConfig delta = new GatedDeltaNetConfig
        {
            NHeads = heads,
            NKeyHeads = keyHeads,
            DKey = hub.Size("linear_key_head_dim", 128),
            DValue = hub.Size("linear_value_head_dim", 128),
            Kernel = hub.Size("linear_conv_kernel_dim", 4),
            Activation = hub.Activation("hidden_act", "silu"),
            OutputNorm = new RmsNormConfig(norm.Epsilon),
        };
        MixerConfig attention = shape.Attention(new RotaryReader(hub, shape.HeadWidth) { Partial = 0.25, PartialKey = "partial_rotary_factor" }.Read()) with
        {
            QueryKeyNorm = new(norm, QueryKeyNormScope.HeadSharedGain),
            OutputGate = true,
        };
        var interval = hub.Size("full_attention_interval", 4);
        var kinds = LayerKinds.Read(hub, shape.Layers, i => (i + 1) % interval == 0 ? LayerKinds.Full : Linear, LayerKinds.Full, Linear);
        return shape.Model(Ids[0], norm, tied: false, i => new() { Ln1 = norm, Mixer = kinds[i] == Linear ? delta : attention, Ln2 = norm, Mlp = mlp(i) });
    }
}
