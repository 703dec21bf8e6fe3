namespace Fathom.Configuration;

/// <summary>The best logits, then a softmax over the chosen alone: the weights used sum to one (GPT-OSS, Granite, JetMoE).</summary>
/// <param name="Chosen">The number of experts each token goes to.</param>
/// <remarks>Source: Shazeer et al. 2017 (arXiv:1701.06538) §2.1.</remarks>
public sealed record TopKRouter(int Chosen) : RouterConfig(Chosen);
