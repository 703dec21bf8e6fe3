namespace Fathom.Patching;

/// <summary>What a batch of pairs says about one cell. Effects are patched minus unpatched values.</summary>
/// <param name="Mean">The mean effect.</param>
/// <param name="StandardError">The standard error of the mean; not a number for fewer than two examples.</param>
/// <param name="Low">The low end of the 95 % bootstrap interval of the mean.</param>
/// <param name="High">The high end of the 95 % bootstrap interval of the mean.</param>
/// <param name="PValue">The two-sided sign-flip p-value of the mean: exact up to 12 examples, by 10,000 draws above. With n examples it cannot be below 2 / 2^n.</param>
public sealed record CellStatistics(double Mean, double StandardError, double Low, double High, double PValue);
