namespace Fathom.Patching;

/// <summary>The activations of two positions change places.</summary>
/// <param name="First">A position; negative ones count from the end.</param>
/// <param name="Second">Another position.</param>
/// <param name="Live">Whether the values are those that the run being patched has there, instead of those recorded from the unpatched run of <c>From</c>. Exchanged on several layers, live values can change back.</param>
public sealed record ExchangeReplacement(int First, int Second, bool Live = false) : Replacement
{
    /// <inheritdoc/>
    public override string Name => Live ? "live_exchange" : "exchange";
}
