namespace Fathom.Configuration;

/// <summary>The encoder of an encoder-decoder: what reads the input, in front of the decoder that a <see cref="ModelConfig"/> describes.</summary>
public sealed record StackConfig
{
    /// <summary>The blocks, first to last.</summary>
    public required IReadOnlyList<BlockConfig> Blocks { get; init; }

    /// <summary>Position vectors added to the embedding; <see langword="null"/> where positions enter only inside attention.</summary>
    public PositionConfig? Positions { get; init; }

    /// <summary>A norm on the sum of token and position vectors, or <see langword="null"/>.</summary>
    public NormConfig? EmbedNorm { get; init; }

    /// <summary>The norm on what the last block leaves, or <see langword="null"/>.</summary>
    public NormConfig? FinalNorm { get; init; }
}
