namespace Fathom.Patching;

/// <summary>Where an edit's values come from.</summary>
/// <param name="Prompt">The index of a recorded prompt; -1 for zeros, and below that the mean with index <c>-2 - Prompt</c>.</param>
/// <param name="Path">The index of the sender whose output that donor replaces, for what a reader makes of it; -1 for the donor's own activation.</param>
internal readonly record struct Donor(int Prompt, int Path = -1)
{
    public static Donor Zero { get; } = new(-1);

    public bool IsRun => Prompt >= 0;

    public bool IsPath => Path >= 0;

    public bool IsMean => Prompt < -1;

    public static Donor Mean(int index) => new(-2 - index);

    public int MeanIndex => -2 - Prompt;
}
