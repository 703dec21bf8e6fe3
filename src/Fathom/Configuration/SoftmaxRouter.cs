namespace Fathom.Configuration;

/// <summary>Softmax over all experts, then the best: without <paramref name="Renormalized"/> the weights used sum to less than one.</summary>
/// <param name="Chosen">The number of experts each token goes to.</param>
/// <param name="Renormalized">Whether the weights of the chosen are divided by their sum.</param>
/// <param name="Factor">The factor on the weights.</param>
/// <param name="Groups">The groups that the choice is limited to, or <see langword="null"/>.</param>
/// <remarks>Sources: Jiang et al. 2024 (arXiv:2401.04088), DeepSeek-AI 2024 (arXiv:2405.04434).</remarks>
public sealed record SoftmaxRouter(int Chosen, bool Renormalized, double Factor = 1, ExpertGroups? Groups = null) : RouterConfig(Chosen);
