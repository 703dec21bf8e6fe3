using System.Globalization;

namespace Fathom.Patching;

/// <summary>Thrown when a cell that was computed twice differs: the result cannot be trusted.</summary>
public sealed class SweepCheckException : InvalidOperationException
{
    internal SweepCheckException(string site, string cell, double engine, double plain, double tolerance)
        : base(string.Create(CultureInfo.InvariantCulture, $"The self-check failed at {site}, {cell}: the engine gave {engine} and a whole forward run {plain}, further apart than {tolerance:0.#e0}. Run with the plain path, and please report it with the model and the prompts."))
    {
        Cell = cell;
        Engine = engine;
        Plain = plain;
    }

    /// <summary>The labels of the cell.</summary>
    public string Cell { get; }

    /// <summary>What the engine computed.</summary>
    public double Engine { get; }

    /// <summary>What the whole forward run computed.</summary>
    public double Plain { get; }
}
