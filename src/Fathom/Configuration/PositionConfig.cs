namespace Fathom.Configuration;

/// <summary>Position vectors added to the token embedding. Closed: <see cref="LearnedPositions"/> or <see cref="SinusoidalPositions"/>.</summary>
public abstract record PositionConfig;
