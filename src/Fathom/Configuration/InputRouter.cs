namespace Fathom.Configuration;

/// <summary>The best logits; the sigmoid of a logit multiplies what the expert reads instead of what it writes (Llama 4).</summary>
/// <param name="Chosen">The number of experts each token goes to.</param>
/// <remarks>Source: the released code of Meta's Llama 4.</remarks>
public sealed record InputRouter(int Chosen) : RouterConfig(Chosen);
