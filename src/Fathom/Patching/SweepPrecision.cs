namespace Fathom.Patching;

/// <summary>The type that cells are computed in.</summary>
public enum SweepPrecision
{
    /// <summary>The model's own type.</summary>
    Model,

    /// <summary>16-bit brain floats, on a rounded copy of the weights. The result says so and holds the measured difference from the model's own type.</summary>
    BFloat16,
}
