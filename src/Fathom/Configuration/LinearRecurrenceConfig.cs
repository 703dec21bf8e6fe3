namespace Fathom.Configuration;

/// <summary>A gated linear recurrence: a short convolution, then <c>h = a·h + √(1 - a²)·(i·x)</c> per channel with gates that depend on the token, times a gated branch (RG-LRU).</summary>
/// <param name="DInner">The number of channels.</param>
/// <param name="NBlocks">The number of blocks of the block-diagonal gate weights; it divides the number of channels.</param>
/// <param name="Kernel">The number of positions that the convolution sees, its own included.</param>
/// <param name="Activation">The nonlinearity of the gated branch.</param>
/// <remarks>Source: De et al. 2024, Griffin (arXiv:2402.19427).</remarks>
public sealed record LinearRecurrenceConfig(int DInner, int NBlocks, int Kernel, Activation Activation) : MixerConfig;
