namespace Fathom.Configuration;

/// <summary>The gated unit of GPT-OSS: <c>g·sigmoid(Slope·g)·(u + 1)</c> with <c>g = min(gate, Limit)</c> and <c>u</c> the other branch held within <c>±Limit</c>.</summary>
/// <param name="Limit">The bound.</param>
/// <param name="Slope">The factor inside the sigmoid.</param>
public sealed record ClampedGate(double Limit, double Slope);
