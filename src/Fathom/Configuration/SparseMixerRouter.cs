namespace Fathom.Configuration;

/// <summary>One expert after the other: the best of the rest, weighed by a softmax over the logits that come close to it. Weights are not normalized together (Phi-3.5-MoE).</summary>
/// <param name="Chosen">The number of experts each token goes to.</param>
/// <param name="Closeness">A logit <c>s</c> counts beside the best <c>m</c> where <c>(m - s) / max(|s|, m)</c> is at most twice this.</param>
/// <remarks>Source: Liu et al. 2023 (arXiv:2310.00811), as applied by Abdin et al. 2024 (arXiv:2404.14219).</remarks>
public sealed record SparseMixerRouter(int Chosen, double Closeness) : RouterConfig(Chosen);
