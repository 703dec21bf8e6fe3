namespace Fathom.Patching;

/// <summary>What a metric measures.</summary>
public enum MetricKind
{
    /// <summary>The logit of the answer minus that of the distractor, at the last position.</summary>
    LogitDifference,

    /// <summary>The logit of the answer, at the last position.</summary>
    Logit,

    /// <summary>The probability of the answer, at the last position.</summary>
    Probability,

    /// <summary>The log-probability of the answer, at the last position.</summary>
    LogProbability,

    /// <summary>The divergence of the patched distribution from the clean run's, at the last position.</summary>
    KullbackLeibler,

    /// <summary>The mean next-token loss over the prompt patched into.</summary>
    Loss,

    /// <summary>A function of the caller's.</summary>
    Custom,
}
