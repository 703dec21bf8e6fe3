namespace Fathom.Patching;

/// <summary>Which of the two runs is the clean one. A patch always goes from <c>From</c> into <c>Into</c>.</summary>
public enum Direction
{
    /// <summary><c>Into</c> is clean and <c>From</c> corrupted: does corrupting this place break the behaviour? (The founding notebook.)</summary>
    Noising,

    /// <summary><c>From</c> is clean and <c>Into</c> corrupted: does restoring this place bring the behaviour back? (The reference's ready-made functions.)</summary>
    Denoising,
}
