namespace Fathom.Models;

/// <summary>The ids of tokens with a role; <see langword="null"/> where the model has none (files that write -1 or null mean none).</summary>
/// <param name="Bos">The token that begins a sequence.</param>
/// <param name="Eos">The tokens that end a sequence; the first is the one written.</param>
/// <param name="Pad">The token that fills short rows; its id never matters, because the mask hides it.</param>
public sealed record SpecialTokens(int? Bos, IReadOnlyList<int> Eos, int? Pad)
{
    /// <summary>The token that stands for a hidden one (<c>[MASK]</c>), in encoders.</summary>
    public int? Mask { get; init; }

    /// <summary>No such tokens.</summary>
    public static SpecialTokens None { get; } = new(null, [], null);
}
