namespace Fathom.Configuration;

/// <summary><c>x / √(mean(x²) + ε) · w</c>.</summary>
/// <param name="Epsilon">The value added to the mean square, inside the root.</param>
/// <param name="Gain">Whether there is a gain <c>w</c>.</param>
/// <param name="GainOffset">A constant added to the stored gain: 1 where files hold <c>w - 1</c> (Gemma).</param>
/// <param name="CastBeforeGain">Whether the normalized value is rounded to the model's type before the gain (Llama) or after it (Gemma, OLMo-2). It matters in 16 bit only.</param>
/// <remarks>Source: Zhang and Sennrich 2019 (arXiv:1910.07467).</remarks>
public sealed record RmsNormConfig(double Epsilon, bool Gain = true, double GainOffset = 0, bool CastBeforeGain = true) : NormConfig(Epsilon);
