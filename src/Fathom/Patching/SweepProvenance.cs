namespace Fathom.Patching;

/// <summary>Where a result comes from.</summary>
public sealed record SweepProvenance
{
    /// <summary>The model, as it was asked for.</summary>
    public required string Model { get; init; }

    /// <summary>The model's revision, where there is one.</summary>
    public string? Revision { get; init; }

    /// <summary>The architecture's id.</summary>
    public required string Architecture { get; init; }

    /// <summary>What was done to the weights on load.</summary>
    public required string Processing { get; init; }

    /// <summary>The type the cells were computed in, e.g. <c>float32</c>.</summary>
    public required string Precision { get; init; }

    /// <summary>The device.</summary>
    public required string Device { get; init; }

    /// <summary>How cells were computed.</summary>
    public required SweepPath Path { get; init; }

    /// <summary>The version of this library.</summary>
    public required string Version { get; init; }

    internal static SweepProvenance Of(Models.StackedModel model, SweepPath path) => new()
    {
        Model = model.Source.Name,
        Revision = model.Source.Revision,
        Architecture = model.Config.Architecture,
        Processing = model.Source.Processing,
        Precision = model.DType.ToString().ToLowerInvariant(),
        Device = model.Device.ToString(),
        Path = path,
        Version = typeof(SweepProvenance).Assembly.GetName().Version?.ToString(3) ?? "0",
    };
}
