namespace Fathom.Configuration;

/// <summary>What follows attention in a block. Closed per use: plain, gated, or a mixture of experts.</summary>
/// <param name="DMlp">The hidden width (of one expert, in a mixture).</param>
public abstract record MlpConfig(int DMlp);
