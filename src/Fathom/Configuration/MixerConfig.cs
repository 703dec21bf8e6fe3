namespace Fathom.Configuration;

/// <summary>What mixes positions in a block: attention of some kind, or a recurrence.</summary>
public abstract record MixerConfig;
