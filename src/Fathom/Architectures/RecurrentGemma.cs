using Fathom.Configuration;

namespace Fathom.Architectures;

/// <summary>RecurrentGemma: gated linear recurrences, with attention through a window on every third layer.</summary>
/// <remarks>Source: Botev et al. 2024 (arXiv:2404.07839).</remarks>
public sealed class RecurrentGemma : Architecture
{
    private const string Temporal = "model.layers.{i}.temporal_block.";

    /// <inheritdoc/>
    public override IReadOnlyList<string> Ids => ["RecurrentGemmaForCausalLM", "RecurrentGemmaModel"];

    /// <inheritdoc/>
    public override string Family => "RecurrentGemma";

    /// <inheritdoc/>
    public override string BasePrefix => "model.";

    /// <inheritdoc/>
    protected override IReadOnlyList<string> InertKeys => ["final_w_init_variance_scale", "w_init_variance_scale"];

    /// <inheritdoc/>
    public override IReadOnlyList<WeightRule> Weights(ModelConfig config)
    {
        static WeightRule Row(string ours, string theirs, string? pattern = null) => new($"blocks.{{i}}.mixer.{ours}", Temporal + theirs, pattern);
        static WeightRule[] Linear(string ours, string theirs, string pattern) => [Row($"W_{ours}", $"{theirs}.weight", pattern), Row($"b_{ours}", $"{theirs}.bias")];
        var bias = config.Blocks.Any(b => b.Mixer is AttentionConfig { QkvBias: true });
        return
        [
            .. LlamaTensors.Ends("model.final_norm"),
            .. LlamaTensors.Norm("ln1", "temporal_pre_norm"),
            .. Linear("gate", "linear_y", "d_inner d_model -> d_model d_inner"),
            .. Linear("x", "linear_x", "d_inner d_model -> d_model d_inner"),
            .. Linear("out", "linear_out", "d_model d_inner -> d_inner d_model"),
            .. Linear("conv", "conv_1d", "d_inner one d_kernel -> (d_inner one) d_kernel"),
            Row("W_input_gate", "rg_lru.input_gate_weight"),
            Row("b_input_gate", "rg_lru.input_gate_bias"),
            Row("W_recurrence_gate", "rg_lru.recurrent_gate_weight"),
            Row("b_recurrence_gate", "rg_lru.recurrent_gate_bias"),
            Row("Lambda", "rg_lru.recurrent_param"),
            .. DecoderTensors.Separate(Temporal, bias),
            .. DecoderTensors.Output($"{Temporal}o_proj", bias: true),
            .. LlamaTensors.Norm("ln2", "channel_pre_norm"),
            .. new[] { ("gate", "gate_proj"), ("in", "up_proj"), ("out", "down_proj") }.SelectMany(p => new WeightRule[]
            {
                new($"blocks.{{i}}.mlp.W_{p.Item1}", $"model.layers.{{i}}.mlp_block.{p.Item2}.weight", p.Item1 == "out" ? "d_model d_mlp -> d_mlp d_model" : "d_mlp d_model -> d_model d_mlp"),
                new($"blocks.{{i}}.mlp.b_{p.Item1}", $"model.layers.{{i}}.mlp_block.{p.Item2}.bias"),
            }),
        ];
    }

    /// <inheritdoc/>
    protected override ModelConfig Read(HubConfig hub)
    {
        DecoderShape shape = new(hub);
        RmsNormConfig norm = new(hub.Number("rms_norm_eps", 1e-6), GainOffset: 1, CastBeforeGain: false);
        var activation = hub.Activation("hidden_activation", "gelu_pytorch_tanh");
        var width = hub.Size("lru_width", shape.Width);
        if (width % shape.Heads != 0 || shape.MlpWidth % 2 != 0)
        {
            throw new ConfigException(hub.Source, ["lru_width", "num_attention_heads", "intermediate_size"], $"lru_width {width} should be a multiple of num_attention_heads {shape.Heads}, and intermediate_size {shape.MlpWidth} even.");
        }

        MixerConfig recurrence = new LinearRecurrenceConfig(width, shape.Heads, hub.Size("conv1d_width", 4), activation);
        MixerConfig attention = shape.Attention(new RotaryReader(hub, shape.HeadWidth) { Partial = 0.5, PartialKey = "partial_rotary_factor" }.Read()) with
        {
            QkvBias = hub.Flag("attention_bias", false),
            OutputBias = true,
            Window = hub.Size("attention_window_size", 2048),
        };
        var kinds = hub.Texts("block_types") ?? ["recurrent", "recurrent", "attention"];
        if (kinds.Count == 0 || kinds.Any(k => k is not ("recurrent" or "attention")))
        {
            throw new ConfigException(hub.Source, ["block_types"], $"'block_types' holds {string.Join(", ", kinds)}; this family has recurrent and attention.");
        }

        return new()
        {
            Architecture = Ids[0],
            DModel = shape.Width,
            DVocab = hub.Size("vocab_size"),
            // The recurrence has no last position, and attention looks through a window.
            NCtx = int.MaxValue,
            FinalNorm = norm,
            TiedEmbeddings = hub.Flag("tie_word_embeddings", true),
            EmbedScale = SixteenBit(Math.Sqrt(shape.Width)),
            LogitSoftCap = hub.Optional("logits_soft_cap", 30),
            Blocks = [.. Enumerable.Range(0, shape.Layers).Select(i => new BlockConfig
            {
                Ln1 = norm,
                Mixer = kinds[i % kinds.Count] == "recurrent" ? recurrence : attention,
                Ln2 = norm,
                Mlp = new GatedMlpConfig(shape.MlpWidth / 2, activation, Bias: true),
            })],
        };
    }

    /// <summary>The nearest number of 16 bits with 8 of mantissa: the family rounds the embedding's factor so in every precision.</summary>
    private static double SixteenBit(double x)
    {
        var bits = BitConverter.SingleToUInt32Bits((float)x);
        return BitConverter.UInt32BitsToSingle((bits + 0x7FFF + ((bits >> 16) & 1)) & 0xFFFF0000);
    }
}
