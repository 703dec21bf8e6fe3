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

    /// <summary>A moment of the training run, for the Pythia models, Stanford's GPT-2 runs, and repositories that keep files <c>checkpoints/..._{n}.pth</c>; <see langword="null"/> for the end of training. It takes the place of <see cref="Revision"/>.</summary>
    public Fathom.Hub.Checkpoint? Checkpoint { get; init; }

    /// <summary>Where hub models come from and are kept: endpoint, cache, token; <see langword="null"/> for what the environment says (<c>HF_HUB_CACHE</c>, <c>HF_ENDPOINT</c>, <c>HF_HUB_OFFLINE</c>, ...).</summary>
    public Fathom.Hub.HubOptions? Hub { get; init; }

    /// <summary>A folder with a LoRA adapter (PEFT) that is merged into the weights as they are read.</summary>
    public string? Adapter { get; init; }

    /// <summary>The model that an adapter was trained on, when an adapter's folder is loaded; <see langword="null"/> takes what its config names.</summary>
    public string? BaseModel { get; init; }

    /// <summary>Sees what is happening, for progress.</summary>
    public IProgress<string>? Progress { get; init; }
}
