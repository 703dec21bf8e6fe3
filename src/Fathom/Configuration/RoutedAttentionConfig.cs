namespace Fathom.Configuration;

/// <summary>Causal attention whose queries and outputs are experts: each token chooses some, and each chosen one gives a query head for every key-value head; keys and values are common (JetMoE).</summary>
/// <param name="KeyValueHeads">The number of key-value heads; head <c>h</c> reads key-value head <c>h % KeyValueHeads</c>.</param>
/// <param name="DHead">The width of a head.</param>
/// <param name="Experts">The number of experts.</param>
/// <param name="Router">How each token's experts are chosen and weighed.</param>
/// <remarks>Sources: Zhang et al. 2022 (arXiv:2210.05144), Shen et al. 2024 (arXiv:2404.07413).</remarks>
public sealed record RoutedAttentionConfig(int KeyValueHeads, int DHead, int Experts, RouterConfig Router) : MixerConfig
{
    /// <summary>The number of query heads of a token.</summary>
    public int NHeads => Router.Chosen * KeyValueHeads;

    /// <summary>The factor on <c>q·k</c>.</summary>
    public double Scale { get; init; } = 1 / Math.Sqrt(DHead);

    /// <summary>Rotary positions, or <see langword="null"/>.</summary>
    public RotaryConfig? Rotary { get; init; }
}
