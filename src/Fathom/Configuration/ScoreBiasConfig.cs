namespace Fathom.Configuration;

/// <summary>A bias on attention scores that depends on distance. Closed: <see cref="AlibiConfig"/> or <see cref="RelativeBiasConfig"/>.</summary>
public abstract record ScoreBiasConfig;
