namespace Fathom.Patching;

/// <summary>What the norm of a reader does when its input changes.</summary>
public enum ReaderNorm
{
    /// <summary>It is computed anew on the changed input: exactly what a run with that input gives.</summary>
    Recomputed,

    /// <summary>Its scale stays that of the unpatched run, so that what a sender adds is linear in the reader's input. An approximation.</summary>
    FrozenScale,
}
