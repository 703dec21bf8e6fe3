using System.Text.Json;
using Fathom.Configuration;

namespace Fathom.Architectures;

/// <summary>Mamba-2: state-space mixers of heads and nothing else.</summary>
/// <remarks>Source: Dao and Gu 2024 (arXiv:2405.21060).</remarks>
public sealed class Mamba2 : MambaLike
{
    /// <inheritdoc/>
    public override IReadOnlyList<string> Ids => ["Mamba2ForCausalLM", "Mamba2Model"];

    /// <inheritdoc/>
    public override string Family => "Mamba-2";

    /// <inheritdoc/>
    protected override IReadOnlyList<string> InertKeys => [.. base.InertKeys, "time_step_rank"];

    private protected override IEnumerable<WeightRule> MixerWeights(ModelConfig config)
    {
        var mixer = (StateSpaceDualConfig)config.Blocks[0].Mixer;
        return
        [
            Row("W_gate W_xBC W_dt", "in_proj.weight") with { Slices = ["(mixer_head d_head) d_model -> mixer_head d_model d_head", "d_conv d_model -> d_model d_conv", "mixer_head d_model -> d_model mixer_head"] },
            Row("W_conv", "conv1d.weight", "d_conv one d_kernel -> (d_conv one) d_kernel"),
            Row("b_dt", "dt_bias"),
            Row("A_log", "A_log"),
            Row("D", "D"),
            Row("norm.w", "norm.weight", "(n_groups d_group) -> n_groups d_group"),
            Row("W_out", "out_proj.weight", "d_model (mixer_head d_head) -> mixer_head d_head d_model"),
            .. mixer.ConvBias ? [Row("b_conv", "conv1d.bias")] : Array.Empty<WeightRule>(),
            .. mixer.Bias
                ? [Row("b_gate b_xBC b_dt_proj", "in_proj.bias") with { Slices = ["(mixer_head d_head) -> mixer_head d_head", "d_conv -> d_conv", "mixer_head -> mixer_head"] }, Row("b_out", "out_proj.bias")]
                : Array.Empty<WeightRule>(),
        ];
    }

    /// <inheritdoc/>
    protected override ModelConfig Read(HubConfig hub)
    {
        var (heads, width, groups) = (hub.Size("num_heads", 128), hub.Size("head_dim", 64), hub.Size("n_groups", 8));
        var inner = (long)(hub.Number("expand", 2) * hub.Size("hidden_size"));
        if ((long)heads * width != inner || heads % groups != 0)
        {
            throw new ConfigException(hub.Source, ["num_heads", "head_dim", "expand", "n_groups"], $"{heads} heads of width {width} should make the inner width {inner} (expand · hidden_size), and {groups} groups should divide the heads.");
        }

        var (smallest, largest) = Limits(hub);
        return Model(hub, new StateSpaceDualConfig
        {
            NHeads = heads,
            DHead = width,
            NGroups = groups,
            DState = hub.Size("state_size", 128),
            Kernel = hub.Size("conv_kernel", 4),
            ConvBias = hub.Flag("use_conv_bias", true),
            Bias = hub.Flag("use_bias", false),
            Activation = hub.Activation("hidden_act", "silu"),
            SmallestStep = smallest,
            LargestStep = largest,
            OutputNorm = new RmsNormConfig(hub.Number("layer_norm_epsilon", 1e-5)),
        }, tied: false);
    }

    /// <summary>The bounds of steps; infinity is the bare word or an object <c>{"__float__": "Infinity"}</c>.</summary>
    private static (double Smallest, double Largest) Limits(HubConfig hub)
    {
        if (hub.Raw("time_step_limit") is not { } given)
        {
            return (0, double.PositiveInfinity);
        }

        double? Bound(JsonElement e) => e.ValueKind switch
        {
            JsonValueKind.Number => e.GetDouble(),
            JsonValueKind.String when e.GetString() == "Infinity" => double.PositiveInfinity,
            JsonValueKind.Object when e.TryGetProperty("__float__", out var word) => Bound(word),
            _ => null,
        };
        return given.ValueKind == JsonValueKind.Array && given.GetArrayLength() == 2 && Bound(given[0]) is { } low && Bound(given[1]) is { } high && low >= 0 && low < high
            ? (low, high)
            : throw new ConfigException(hub.Source, ["time_step_limit"], $"'time_step_limit' should be two numbers, the smallest and the largest step; found {given.GetRawText()}.");
    }
}
