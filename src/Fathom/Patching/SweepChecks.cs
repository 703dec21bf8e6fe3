namespace Fathom.Patching;

/// <summary>The proof that a result carries with it.</summary>
public sealed record SweepChecks
{
    /// <summary>The largest change of the sweep's own metric when the unpatched run was patched with its own activations: what rounding alone does. <see langword="null"/> on the plain path, where it is exactly nothing.</summary>
    public double? NoiseFloor { get; init; }

    /// <summary>The patches that the noise floor was measured on.</summary>
    public int NoiseCells { get; init; }

    /// <summary>The cells that were computed a second time by whole forward runs.</summary>
    public int CheckedCells { get; init; }

    /// <summary>The largest difference between the two computations of a checked cell; <see langword="null"/> if none was checked.</summary>
    public double? MaxDifference { get; init; }

    /// <summary>The difference from which the sweep fails.</summary>
    public double Tolerance { get; init; }
}
