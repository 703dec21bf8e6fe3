namespace Fathom.Loading;

/// <summary>How a model is loaded.</summary>
public sealed record LoadOptions
{
    /// <summary>Plain loading: fp32 on the CPU, the reference's processing.</summary>
    public static LoadOptions Default { get; } = new();

    /// <summary>What is done to the weights.</summary>
    public Processing Processing { get; init; } = Processing.Default;

    /// <summary>The type weights are held and computed in.</summary>
    public torch.ScalarType DType { get; init; } = torch.ScalarType.Float32;

    /// <summary>The device, e.g. <c>cpu</c> or <c>cuda:0</c>.</summary>
    public string Device { get; init; } = "cpu";

    /// <summary>A branch, tag, commit or <c>refs/pr/N</c> of a hub repository; <see langword="null"/> for its main branch.</summary>
    public string? Revision { get; init; }

    /// <summary>Sees what is happening, for progress.</summary>
    public IProgress<string>? Progress { get; init; }
}
