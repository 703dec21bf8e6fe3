namespace Fathom.Configuration;

/// <summary>A sigmoid for each expert; a trained correction joins the scores for the choice, and not the weights (DeepSeek-V3, GLM-4, dots.1).</summary>
/// <param name="Chosen">The number of experts each token goes to.</param>
/// <param name="Renormalized">Whether the weights of the chosen are divided by their sum.</param>
/// <param name="Factor">The factor on the weights.</param>
/// <param name="Groups">The groups that the choice is limited to, or <see langword="null"/>.</param>
/// <remarks>Source: DeepSeek-AI 2024 (arXiv:2412.19437) §2.1.2.</remarks>
public sealed record SigmoidRouter(int Chosen, bool Renormalized, double Factor = 1, ExpertGroups? Groups = null) : RouterConfig(Chosen);
