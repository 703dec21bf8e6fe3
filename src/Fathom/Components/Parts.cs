using Fathom.Configuration;

namespace Fathom.Components;

/// <summary>Makes the component that a configuration describes: one line for each kind.</summary>
internal static class Parts
{
    /// <summary>The mixer that <paramref name="config"/> describes.</summary>
    public static Mixer Mixer(PartScope scope, MixerConfig config) => config switch
    {
        AttentionConfig attention => new Attention(scope, attention),
        SelectiveScanConfig scan => new SelectiveScan(scope, scan),
        StateSpaceDualConfig dual => new StateSpaceDual(scope, dual),
        LinearRecurrenceConfig recurrence => new LinearRecurrence(scope, recurrence),
        ShortConvolutionConfig convolution => new ShortConvolution(scope, convolution),
        RoutedAttentionConfig routed => new RoutedAttention(scope, routed),
        GatedDeltaNetConfig delta => new GatedDeltaNet(scope, delta),
        _ => throw new ArgumentOutOfRangeException(nameof(config), config, $"No mixer component for {config.GetType().Name}."),
    };

    /// <summary>The MLP that <paramref name="config"/> describes.</summary>
    public static FeedForward Mlp(PartScope scope, MlpConfig config) => config switch
    {
        PlainMlpConfig plain => new Mlp(scope, plain),
        GatedMlpConfig gated => new GatedMlp(scope, gated),
        MixtureOfExpertsConfig mixture => new MixtureOfExperts(scope, mixture),
        _ => throw new ArgumentOutOfRangeException(nameof(config), config, $"No MLP component for {config.GetType().Name}."),
    };
}
