using Fathom.Configuration;

namespace Fathom.Architectures;

/// <summary>A state-space family of Mamba's kind: a norm and a mixer per layer, no MLP.</summary>
public abstract class MambaLike : Architecture
{
    private const string Layer = "backbone.layers.{i}.";

    /// <inheritdoc/>
    public override string BasePrefix => "backbone.";

    /// <inheritdoc/>
    public override bool HiddenStatesAreOutputs => true;

    /// <inheritdoc/>
    protected override IReadOnlyList<string> InertKeys =>
    [
        // How weights were initialised, and which kernels run. residual_in_fp32 matters in 16 bit only, where the stream has the weights' type here.
        "time_step_scale", "time_step_min", "time_step_max", "time_step_floor", "time_step_init_scheme", "rescale_prenorm_residual",
        "use_mambapy", "use_associative_scan", "fused_add_norm", "residual_in_fp32", "chunk_size",
        // Names of the original code, which repeat others.
        "d_model", "d_inner", "n_layer", "pad_vocab_size_multiple",
    ];

    /// <inheritdoc/>
    public override IReadOnlyList<WeightRule> Weights(ModelConfig config) =>
    [
        new("embed.W_E", "backbone.embeddings.weight") { Otherwise = ["backbone.embedding.weight"] },
        new("blocks.{i}.ln1.w", $"{Layer}norm.weight"),
        .. MixerWeights(config),
        new("ln_final.w", "backbone.norm_f.weight"),
        new("unembed.W_U", "lm_head.weight", "d_vocab d_model -> d_model d_vocab"),
    ];

    /// <summary>The rows of a mixer.</summary>
    private protected abstract IEnumerable<WeightRule> MixerWeights(ModelConfig config);

    /// <summary>One tensor of a mixer.</summary>
    /// <param name="ours">Its parameters, separated by blanks.</param>
    /// <param name="theirs">Its name below the mixer.</param>
    /// <param name="pattern">The rearrangement.</param>
    private protected static WeightRule Row(string ours, string theirs, string? pattern = null) =>
        new(string.Join(", ", ours.Split(' ').Select(o => $"blocks.{{i}}.mixer.{o}")), $"{Layer}mixer.{theirs}", pattern);

    /// <summary>The rows that Mamba and Falcon Mamba share.</summary>
    private protected static IEnumerable<WeightRule> SelectiveScan(ModelConfig config)
    {
        var mixer = (SelectiveScanConfig)config.Blocks[0].Mixer;
        return
        [
            Row("W_x W_gate", "in_proj.weight", "(branch d_inner) d_model -> branch d_model d_inner"),
            Row("W_conv", "conv1d.weight", "d_inner one d_kernel -> (d_inner one) d_kernel"),
            Row("W_dt_down W_B W_C", "x_proj.weight") with { Slices = ["d_dt d_inner -> d_inner d_dt", "d_state d_inner -> d_inner d_state", "d_state d_inner -> d_inner d_state"] },
            Row("W_dt", "dt_proj.weight", "d_inner d_dt -> d_dt d_inner"),
            Row("b_dt", "dt_proj.bias"),
            Row("A_log", "A_log"),
            Row("D", "D"),
            Row("W_out", "out_proj.weight", "d_model d_inner -> d_inner d_model"),
            .. mixer.ConvBias ? [Row("b_conv", "conv1d.bias")] : Array.Empty<WeightRule>(),
            .. mixer.Bias ? [Row("b_x b_gate", "in_proj.bias", "(branch d_inner) -> branch d_inner"), Row("b_out", "out_proj.bias")] : Array.Empty<WeightRule>(),
        ];
    }

    /// <summary>Reads a selective mixer.</summary>
    private protected static SelectiveScanConfig SelectiveScan(HubConfig hub)
    {
        var width = hub.Size("hidden_size");
        var rank = hub.Raw("time_step_rank") is not { ValueKind: System.Text.Json.JsonValueKind.String };
        if (!rank)
        {
            hub.Require("time_step_rank", "\"auto\"");
        }

        return new()
        {
            DInner = hub.Size("intermediate_size", (int)(hub.Number("expand", 2) * width)),
            DState = hub.Size("state_size", 16),
            DDt = rank ? hub.Size("time_step_rank", (width + 15) / 16) : (width + 15) / 16,
            Kernel = hub.Size("conv_kernel", 4),
            ConvBias = hub.Flag("use_conv_bias", true),
            Bias = hub.Flag("use_bias", false),
            Activation = hub.Activation("hidden_act", "silu"),
        };
    }

    /// <summary>A model of equal layers.</summary>
    private protected ModelConfig Model(HubConfig hub, MixerConfig mixer, bool tied)
    {
        hub.Require("rms_norm", "true");
        hub.Require("ssm_cfg", "{}");
        RmsNormConfig norm = new(hub.Number("layer_norm_epsilon", 1e-5));
        return new()
        {
            Architecture = Ids[0],
            DModel = hub.Size("hidden_size"),
            DVocab = hub.Size("vocab_size"),
            // A recurrence has no last position.
            NCtx = int.MaxValue,
            FinalNorm = norm,
            TiedEmbeddings = hub.Flag("tie_word_embeddings", tied),
            Blocks = [.. Enumerable.Repeat(new BlockConfig { Ln1 = norm, Mixer = mixer }, hub.Size("num_hidden_layers"))],
        };
    }
}
