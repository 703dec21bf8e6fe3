namespace Fathom.Components;

/// <summary>The part of a block that mixes positions.</summary>
public abstract class Mixer : Component
{
    /// <summary>Builds the part at its place.</summary>
    private protected Mixer(PartScope scope)
        : base(scope)
    {
    }

    /// <summary>The weights that read the normalized stream; empty where a norm before this part cannot be folded.</summary>
    internal virtual IReadOnlyList<Reader> Readers => [];

    /// <summary>Computes what the mixer writes, before any norm or factor on it.</summary>
    /// <param name="input">What it reads.</param>
    /// <param name="pass">The run.</param>
    /// <returns><c>[rows, d_model]</c>.</returns>
    internal abstract Tensor Forward(MixerInput input, Pass pass);
}
