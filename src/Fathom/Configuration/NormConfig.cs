namespace Fathom.Configuration;

/// <summary>A normalization. Closed: <see cref="LayerNormConfig"/> or <see cref="RmsNormConfig"/>.</summary>
/// <param name="Epsilon">The value added to the variance (or mean square), inside the root.</param>
public abstract record NormConfig(double Epsilon);
