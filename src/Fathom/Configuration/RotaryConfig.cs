namespace Fathom.Configuration;

/// <summary>Rotary position embedding of queries and keys.</summary>
/// <remarks>Source: Su et al. 2021 (arXiv:2104.09864).</remarks>
public sealed record RotaryConfig
{
    /// <summary>The number of lanes of each head that turn; the rest pass unchanged. An odd number turns one lane more.</summary>
    public required int Dim { get; init; }

    /// <summary>The first lane that turns (latent attention: the last lanes of a head turn).</summary>
    public int Start { get; init; }

    /// <summary>The base of the geometric frequency ladder.</summary>
    public required double Theta { get; init; }

    /// <summary>Whether pairs are neighbours <c>(2j, 2j+1)</c> (GPT-J) rather than <c>(j, j + dim/2)</c> (NeoX).</summary>
    public bool AdjacentPairs { get; init; }

    /// <summary>Whether the turn is by the negative angle (NanoChat).</summary>
    public bool Reversed { get; init; }

    /// <summary>How frequencies are stretched beyond the trained context; <see langword="null"/> for the plain ladder.</summary>
    public RotaryScaling? Scaling { get; init; }
}
