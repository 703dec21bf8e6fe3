namespace Fathom.Patching;

/// <summary>What a patch puts in. Closed: <see cref="RunReplacement"/>, <see cref="ZeroReplacement"/>, <see cref="MeanReplacement"/>, <see cref="ResampleReplacement"/>, <see cref="ExchangeReplacement"/>.</summary>
public abstract record Replacement
{
    private protected Replacement()
    {
    }

    /// <summary>The word for it in files and on command lines, e.g. <c>mean</c>.</summary>
    public abstract string Name { get; }

    /// <summary>The activation of the prompt patched from, at the same place.</summary>
    public static Replacement Run { get; } = new RunReplacement();

    /// <summary>Zeros.</summary>
    public static Replacement Zero { get; } = new ZeroReplacement();

    /// <summary>The mean over prompts, position by position.</summary>
    /// <param name="over">The calibration prompts. None of them may be a prompt of the sweep, and each has the pair's length.</param>
    public static Replacement Mean(Prompts over) => new MeanReplacement(over);

    /// <summary>The activations of two positions change places.</summary>
    /// <param name="first">A position; negative ones count from the end.</param>
    /// <param name="second">Another position.</param>
    /// <param name="live">Whether the values are those of the run being patched instead of those recorded from the unpatched run of <c>From</c>: on several layers such an exchange can undo itself, so the record says so.</param>
    public static Replacement Exchange(int first, int second, bool live = false) => new ExchangeReplacement(first, second, live);

    /// <summary>The activation of another example's prompt, drawn once per example.</summary>
    /// <param name="seed">The seed of the draw.</param>
    public static Replacement Resample(int seed) => new ResampleReplacement(seed);
}
