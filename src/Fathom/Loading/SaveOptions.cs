using Fathom.Loading.Checkpoints;

namespace Fathom.Loading;

/// <summary>How a model is saved.</summary>
public sealed record SaveOptions
{
    /// <summary>Plain saving: the model's own type, shards of 5 GB, nothing overwritten.</summary>
    public static SaveOptions Default { get; } = new();

    /// <summary>The type to write; <see langword="null"/> for that of the model. Weights that need 32 bits keep them.</summary>
    public torch.ScalarType? DType { get; init; }

    /// <summary>Whether each tensor gets the type that it had in the model's own file (after unpacking), if the model holds as many bits: a model of 16 bits loaded in 32 is written as it was. Not together with <see cref="DType"/>, and not for a state dict.</summary>
    public bool AsStored { get; init; }

    /// <summary>The most bytes of tensors in one file; a model with more lies in several, with an index.</summary>
    public long ShardBytes { get; init; } = SafetensorsWriter.DefaultShardBytes;

    /// <summary>Whether a folder that holds nothing but a saved model is replaced.</summary>
    public bool Overwrite { get; init; }

    /// <summary>Sees what is being written, for progress.</summary>
    public IProgress<string>? Progress { get; init; }
}
